import { useState, type FormEvent } from "react";
import { useLocation } from "wouter";

import { call } from "../../api/client";
import type { Channel } from "../../api/types";
import { useDryRun } from "../../common/dry_run";
import { fieldOf, useFieldForm, type Field } from "../../common/fields";
import { Page } from "../../common/page";
import { newSecret } from "../../common/secret";
import { ErrorLine, Failed, Loading } from "../../common/states";
import { to } from "../../shell/routes";
import { ChannelForm } from "./channel_form";
import { useChannelFields } from "./channel_fields";
import { focusField } from "./focus_field";
import { applies, relevant } from "./groups";
import { SaveBar } from "./save_bar";
import { useUnsaved } from "./use_unsaved";
import classes from "./channels.module.css";

/** The page that makes a channel. */
export function CreateChannel(props: { onCancel: () => void }) {
  const { fields, error, refetch } = useChannelFields();
  return (
    <Page
      title="Create a channel"
      about="A place that clients connect to, with its own rules. Only the name and the path have to be given."
    >
      {fields ? (
        <Form fields={fields} onCancel={props.onCancel} />
      ) : error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}

function Form(props: { fields: Field[]; onCancel: () => void }) {
  const { fields } = props;
  const [, go] = useLocation();
  const form = useFieldForm(fields);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<{ of: string; error: unknown }>();
  const [standIn] = useState(() => `new-${newSecret(9)}`);
  const body = relevant(form.body, form.values);
  const faults = Object.keys(form.faults).filter((name) => applies(name, form.values));
  // What is not given yet has a stand-in, so that the server speaks of what is.
  const check = useDryRun<Channel>({
    method: "POST",
    path: "/channels",
    body: { name: standIn, path: `/${standIn}`, ...body },
    enabled: form.dirty,
  });
  const refused = failure?.of === JSON.stringify(body) ? failure.error : undefined;
  const problem = refused ?? check.problem;
  const whole = Boolean(body.name && body.path);
  useUnsaved(form.dirty && !busy);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (faults.length > 0) {
      focusField(faults[0]);
      return;
    }
    setBusy(true);
    try {
      const made = await call<Channel>("POST", "/channels", { body });
      go(to.channel(made.name), { replace: true });
    } catch (error) {
      setFailure({ of: JSON.stringify(body), error });
      setBusy(false);
      focusField(fieldOf(error));
    }
  };

  // What is about one field stands at that field.
  const named = fields.some((each) => each.name === fieldOf(problem));
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className={classes.form}>
      <ChannelForm form={form} problem={problem} tried={tried} />
      <SaveBar
        verb="Create channel"
        busy={busy}
        ready={!tried || (faults.length === 0 && !problem)}
        onCancel={props.onCancel}
      >
        {problem && !named ? (
          <ErrorLine error={problem} />
        ) : tried && (problem || faults.length > 0) ? (
          <span className="bad">Something above is not right yet.</span>
        ) : check.checking ? (
          <span className="dim">Checking</span>
        ) : check.value && whole ? (
          <span className="good">It can be created so.</span>
        ) : null}
      </SaveBar>
    </form>
  );
}
