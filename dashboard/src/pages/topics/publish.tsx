import { Button, Group, SegmentedControl } from "@mantine/core";
import { useMemo, useState } from "react";

import { call } from "../../api/client";
import type { Topic } from "../../api/types";
import { useKept } from "../../common/kept";
import { FieldForm } from "../../common/field_form";
import { fieldOf, useFieldForm } from "../../common/fields";
import { count } from "../../common/format";
import { JsonEditor, jsonFault } from "../../common/json_editor";
import { Name } from "../../common/name";
import { Panel } from "../../common/page";
import { useQueryParams } from "../../common/query_params";
import { ErrorLine } from "../../common/states";
import { Time } from "../../common/time";
import { publishFields } from "./publish_fields";
import classes from "./topics.module.css";

interface Published {
  msg_id: string;
  seq: number;
  at: string;
}

const remembered = 8;

/** Publishes messages by hand; what was typed stays for the next one. */
export function Publish(props: { topic: Topic; path: string }) {
  const { topic, path } = props;
  const [as, setAs] = useState("json");
  const [text, setText] = useState("");
  const expiry = useKept(topic.limit_message_expiry) ?? 0;
  const fields = useMemo(() => publishFields(expiry), [expiry]);
  const form = useFieldForm(fields);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [done, setDone] = useState<Published[]>([]);
  const [, setQuery] = useQueryParams();

  const faulty =
    (as === "json" && jsonFault(text) !== undefined) || Object.keys(form.faults).length > 0;
  const empty = as === "json" ? text.trim() === "" : text === "";

  const publish = async () => {
    if (busy || faulty || empty) return;
    setBusy(true);
    setError(undefined);
    try {
      const data: unknown = as === "json" ? JSON.parse(text) : text;
      const answer = await call<Omit<Published, "at">>("POST", `${path}/publish`, {
        body: { ...form.body, data },
      });
      const now = { ...answer, at: new Date().toISOString() };
      setDone((old) => [now, ...old].slice(0, remembered));
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form
      noValidate
      aria-label="Publish a message"
      className={classes.halves}
      onSubmit={(event) => {
        event.preventDefault();
        void publish();
      }}
    >
      <Panel
        title="Data"
        actions={
          <SegmentedControl
            aria-label="Data is"
            size="xs"
            value={as}
            onChange={setAs}
            data={[
              { value: "json", label: "JSON" },
              { value: "text", label: "Text" },
            ]}
          />
        }
      >
        <div className={classes.stack}>
          <JsonEditor
            label="Data"
            value={text}
            onChange={(next) => {
              setText(next);
              setError(undefined);
            }}
            onSubmit={() => void publish()}
            language={as === "json" ? "json" : "text"}
            minLines={10}
          />
          <div className="dim">
            {as === "json"
              ? "Any JSON but null and what is empty. Ctrl+Enter publishes."
              : "It is sent as one text. Ctrl+Enter publishes."}
          </div>
          {!topic.is_active && (
            <div className="warn">The topic is inactive: it takes no messages now.</div>
          )}
          {(!fieldOf(error) || fieldOf(error) === "data") && <ErrorLine error={error} />}
          <Group justify="flex-end">
            <Button type="submit" loading={busy} disabled={faulty || empty}>
              Publish
            </Button>
          </Group>
          <div role="status" aria-live="polite">
            {done.length > 0 && (
              <ol className={classes.receipts} aria-label="Published">
                {done.map((each) => (
                  <li key={`${each.msg_id} ${each.at}`}>
                    <Time at={each.at} short />
                    <span className="num">seq {count(each.seq)}</span>
                    <button
                      type="button"
                      className={classes.plain}
                      onClick={() => setQuery({ tab: undefined, message: each.msg_id })}
                    >
                      <Name of={each.msg_id} mono />
                    </button>
                  </li>
                ))}
              </ol>
            )}
          </div>
        </div>
      </Panel>
      <Panel title="About the message">
        <FieldForm form={form} problem={error} tried />
      </Panel>
    </form>
  );
}
