import { Button, Drawer, Group } from "@mantine/core";
import { useState } from "react";
import { useLocation } from "wouter";

import { call } from "../../api/client";
import type { Topic } from "../../api/types";
import { useDryRun } from "../../common/dry_run";
import { FieldForm } from "../../common/field_form";
import { fieldOf, useFieldForm, useFields, type Field } from "../../common/fields";
import { ErrorLine, Failed, Loading } from "../../common/states";
import { to } from "../../shell/routes";
import { topicGroups } from "./topic_groups";
import classes from "./topics.module.css";

/** A form for a topic that is not there yet. */
export function NewTopic(props: { onClose: () => void }) {
  const [dirty, setDirty] = useState(false);
  const fields = useFields("/topics:fields");
  return (
    <Drawer
      opened
      onClose={props.onClose}
      position="right"
      size="min(46rem, 100vw)"
      title={<span className={classes.heading}>New topic</span>}
      closeOnClickOutside={!dirty}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {fields.isPending && <Loading />}
      {fields.error && <Failed error={fields.error} retry={() => void fields.refetch()} />}
      {fields.data && <Form fields={fields.data} onClose={props.onClose} onDirty={setDirty} />}
    </Drawer>
  );
}

function Form(props: { fields: Field[]; onClose: () => void; onDirty: (dirty: boolean) => void }) {
  const { fields, onClose, onDirty } = props;
  const [, go] = useLocation();
  const form = useFieldForm(fields);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  const faulty = Object.keys(form.faults).length > 0;
  const check = useDryRun<Topic>({
    method: "POST",
    path: "/topics",
    body: form.body,
    enabled: form.dirty || tried,
  });
  const problem = error ?? check.problem;

  const save = async () => {
    setTried(true);
    setError(undefined);
    if (faulty) return;
    setBusy(true);
    try {
      const made = await call<Topic>("POST", "/topics", { body: form.body });
      onClose();
      go(to.topic(made.name));
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form
      noValidate
      aria-label="New topic"
      onChange={() => {
        setError(undefined);
        onDirty(true);
      }}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <FieldForm form={form} problem={problem} tried={tried} groups={topicGroups} />
      <footer className={classes.footer}>
        {!fieldOf(problem) && <ErrorLine error={problem} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} disabled={busy}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={faulty}>
            Make topic
          </Button>
        </Group>
      </footer>
    </form>
  );
}
