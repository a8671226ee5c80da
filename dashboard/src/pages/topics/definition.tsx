import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { callFull } from "../../api/client";
import { useMay } from "../../api/session";
import type { Topic } from "../../api/types";
import { useDryRun } from "../../common/dry_run";
import { FieldForm } from "../../common/field_form";
import {
  fieldOf,
  same,
  useFieldForm,
  useFields,
  type Field,
  type Values,
} from "../../common/fields";
import { plural } from "../../common/format";
import { Panel } from "../../common/page";
import { ErrorLine, Failed, Loading } from "../../common/states";
import { Time } from "../../common/time";
import { topicGroups } from "./topic_groups";
import classes from "./topics.module.css";

/** How a topic is defined; who may edits it. */
export function Definition(props: { topic: Topic; path: string }) {
  const { topic, path } = props;
  const fields = useFields("/topics:fields");
  const admin = useMay("admin");
  const [said, setSaid] = useState("");
  // The version that the form begins with: an edit is of this one, or it is refused.
  const version = useQuery({
    queryKey: ["definition", path],
    queryFn: async ({ signal }) => {
      const { value, headers } = await callFull<Values>("GET", path, { signal });
      return { value, etag: headers.get("etag") ?? undefined };
    },
    enabled: admin,
    gcTime: 0,
  });
  const error = fields.error ?? version.error;
  if (error)
    return (
      <Failed
        error={error}
        retry={() => void (fields.error ? fields.refetch() : version.refetch())}
      />
    );
  if (!fields.data || (admin && !version.data)) return <Loading what="Loading the definition" />;
  return (
    <Panel title="Definition">
      <p className={`dim ${classes.note}`}>
        Made at <Time at={topic.created_at} />.{" "}
        {topic.from_file &&
          "It stands in the server's configuration file, which wins when the server starts."}
      </p>
      {version.data ? (
        <Edit
          key={version.data.etag}
          fields={fields.data}
          topic={topic}
          path={path}
          start={version.data.value}
          etag={version.data.etag}
          said={said}
          onSaid={setSaid}
          renew={() => void version.refetch()}
        />
      ) : (
        <Shown fields={fields.data} topic={topic} />
      )}
    </Panel>
  );
}

function Shown(props: { fields: Field[]; topic: Topic }) {
  const { fields, topic } = props;
  const form = useFieldForm(fields, { start: topic });
  const fixed = useMemo(() => Object.fromEntries(fields.map(({ name }) => [name, ""])), [fields]);
  return <FieldForm form={form} fixed={fixed} groups={topicGroups} />;
}

function Edit(props: {
  fields: Field[];
  topic: Topic;
  path: string;
  start: Values;
  etag?: string;
  said: string;
  onSaid: (text: string) => void;
  renew: () => void;
}) {
  const { fields, topic, path, start, etag, said, onSaid, renew } = props;
  const form = useFieldForm(fields, { start });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const faulty = Object.keys(form.faults).length > 0;
  const moved = fields.some(({ name }) => !same((topic as Values)[name], start[name]));

  const check = useDryRun<Topic>({
    method: "PATCH",
    path,
    body: form.body,
    ifMatch: etag,
    enabled: Object.keys(form.body).length > 0 && !moved,
  });
  const problem = error ?? check.problem;

  const save = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await callFull("PATCH", path, { body: form.body, ifMatch: etag });
      onSaid("Saved");
      renew();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form
      noValidate
      aria-label="Definition"
      onChange={() => {
        setError(undefined);
        onSaid("");
      }}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <FieldForm form={form} problem={problem} groups={topicGroups} />
      <footer className={`${classes.footer} ${classes.onPanel}`}>
        {!fieldOf(problem) && <ErrorLine error={problem} />}
        {moved && form.dirty && (
          <div className={classes.notice} role="status">
            <span>Somebody else has edited this topic meanwhile.</span>
            <Button size="compact-xs" variant="default" onClick={renew}>
              Begin anew with their version
            </Button>
          </div>
        )}
        <Group justify="flex-end">
          <span role="status" className="dim">
            {form.dirty ? plural(Object.keys(form.body).length, "change") : said}
          </span>
          <Button variant="default" onClick={form.reset} disabled={!form.dirty || busy}>
            Discard
          </Button>
          <Button
            type="submit"
            loading={busy}
            disabled={!form.dirty || faulty || Boolean(check.problem)}
          >
            Save changes
          </Button>
        </Group>
      </footer>
    </form>
  );
}
