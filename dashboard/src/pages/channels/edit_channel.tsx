import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";

import { call, callFull, segment } from "../../api/client";
import { Problem } from "../../api/problem";
import type { Channel } from "../../api/types";
import { useDryRun } from "../../common/dry_run";
import { fieldOf, titleOf, useFieldForm, type Field, type Values } from "../../common/fields";
import { plural } from "../../common/format";
import { ErrorLine, Failed, Loading } from "../../common/states";
import { ChannelForm } from "./channel_form";
import { Closes } from "./closes";
import { focusField } from "./focus_field";
import { applies, differing, relevant } from "./groups";
import { SaveBar } from "./save_bar";
import { useUnsaved } from "./use_unsaved";
import classes from "./channels.module.css";

interface Version {
  channel: Channel;
  etag: string;
}

/** The form of a channel that is there. It begins with one version of it and saves only over that. */
export function EditChannel(props: {
  name: string;
  fields: Field[];
  onCancel: () => void;
  onSaved: (closed: number) => void;
}) {
  const path = `/channels/${segment(props.name)}`;
  const version = useQuery({
    queryKey: ["channel to edit", props.name],
    queryFn: async ({ signal }): Promise<Version> => {
      const answer = await callFull<Channel>("GET", path, { signal });
      return { channel: answer.value, etag: answer.headers.get("etag") ?? "" };
    },
    staleTime: Infinity,
    gcTime: 0,
  });
  if (version.data)
    return (
      <Form
        {...props}
        path={path}
        version={version.data}
        reload={async () => (await version.refetch()).data}
      />
    );
  if (version.error) return <Failed error={version.error} retry={() => void version.refetch()} />;
  return <Loading />;
}

function Form(props: {
  path: string;
  version: Version;
  fields: Field[];
  reload: () => Promise<Version | undefined>;
  onCancel: () => void;
  onSaved: (closed: number) => void;
}) {
  const { path, version, fields } = props;
  const before = version.channel as unknown as Values;
  const form = useFieldForm(fields, { start: before });
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const [news, setNews] = useState<string[]>();
  const body = relevant(form.body, form.values);
  const changed = Object.keys(body);
  const faults = Object.keys(form.faults).filter((name) => applies(name, form.values));
  const check = useDryRun<Channel>({
    method: "PATCH",
    path,
    body,
    ifMatch: version.etag,
    enabled: changed.length > 0,
  });
  const problem = check.problem ?? failure;
  const stale = problem instanceof Problem && problem.status === 412;
  const closes = check.value?.closes ?? [];
  useUnsaved(form.dirty && !busy);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (faults.length > 0 || changed.length === 0 || check.checking || check.problem) return;
    setBusy(true);
    setFailure(undefined);
    try {
      const saved = await call<Channel>("PATCH", path, { body, ifMatch: version.etag });
      props.onSaved(saved.closes?.length ?? closes.length);
    } catch (error) {
      setFailure(error);
      setBusy(false);
      focusField(fieldOf(error));
    }
  };

  const reload = async () => {
    const now = await props.reload();
    setFailure(undefined);
    if (now) setNews(differing(fields, before, now.channel as unknown as Values));
  };

  const named = fields.some((each) => each.name === fieldOf(problem));
  return (
    <form onSubmit={(event) => void save(event)} noValidate className={classes.form}>
      {version.channel.from_file && (
        <p className={classes.note}>
          <strong>The configuration file has this channel.</strong> What is saved here holds until
          the next start of the server; then the file wins. To keep it, change the file as well.
        </p>
      )}
      <ChannelForm form={form} before={before} problem={problem} tried />
      <SaveBar
        verb={closes.length > 0 ? `Save and close ${plural(closes.length, "connection")}` : "Save"}
        hurts={closes.length > 0}
        busy={busy}
        ready={changed.length > 0 && faults.length === 0 && !check.checking && !check.problem}
        onCancel={props.onCancel}
      >
        {news && !stale && (
          <div>
            {news.length > 0
              ? `Changed by somebody else: ${news.map(titleOf).join(", ")}. What you typed has stayed.`
              : "Nothing that can be seen here has changed. What you typed has stayed."}
          </div>
        )}
        {stale ? (
          <Group gap="sm" role="alert">
            <span className="bad">Somebody else has edited it meanwhile.</span>
            <Button size="compact-sm" variant="default" onClick={() => void reload()}>
              Load what is there now and keep what I typed
            </Button>
          </Group>
        ) : problem && !named ? (
          <ErrorLine error={problem} />
        ) : faults.length > 0 || problem ? (
          <span className="bad">Something above is not right yet.</span>
        ) : changed.length === 0 ? (
          <span className="dim">Nothing has been changed.</span>
        ) : (
          <Impact
            changed={changed}
            checking={check.checking}
            closes={check.value ? closes : undefined}
            channel={version.channel.name}
          />
        )}
      </SaveBar>
    </form>
  );
}

/** What saving would change, and which connections it would close. */
function Impact(props: {
  changed: string[];
  checking: boolean;
  closes: string[] | undefined;
  channel: string;
}) {
  const { changed, closes } = props;
  return (
    <div style={{ opacity: props.checking ? 0.6 : 1 }}>
      <span className="dim">Changes {changed.map(titleOf).join(", ")}. </span>
      {closes === undefined ? (
        <span className="dim">Checking which connections it closes</span>
      ) : closes.length === 0 ? (
        <span className="good">No connection is closed.</span>
      ) : (
        <>
          <strong className="bad">Closes {plural(closes.length, "connection")}:</strong>
          <Closes ids={closes} channel={props.channel} brief />
        </>
      )}
    </div>
  );
}
