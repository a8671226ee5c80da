import { Button, Drawer, Group, SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { call, get, segment } from "../../api/client";
import type { TopicMessage } from "../../api/types";
import { useConfirm } from "../../common/confirm";
import { CopyButton } from "../../common/copy";
import { Facts, type Fact } from "../../common/facts";
import { bytes, count } from "../../common/format";
import { JsonEditor } from "../../common/json_editor";
import { Name } from "../../common/name";
import { Failed, Loading } from "../../common/states";
import { Since, Time } from "../../common/time";
import { visible } from "../../common/visible";
import { safeJson } from "./message";
import classes from "./topics.module.css";

/** So many characters are shown at first; an editor with a MiB is a slow one. */
const enough = 100_000;

/** One message in full, beside the list. */
export function MessageView(props: {
  base: string;
  of: ReactNode;
  id: string | null;
  deletes?: string;
  onClose: () => void;
  onDeleted: () => void;
}) {
  const { base, id, onClose } = props;
  const path = `${base}/messages/${segment(id ?? "")}`;
  const query = useQuery({
    queryKey: ["message", path],
    queryFn: ({ signal }) => get<TopicMessage>(path, {}, signal),
    enabled: id !== null,
    gcTime: 10_000,
    staleTime: 60_000,
  });
  const { ask, dialog } = useConfirm();
  const message = query.data;

  const remove = (of: TopicMessage) =>
    ask({
      title: "Delete message",
      text: (
        <>
          The message with sequence {count(of.seq)} ({bytes(of.size)}) is deleted from {props.of}
          {props.deletes}. This cannot be undone.
        </>
      ),
      verb: "Delete message",
      hurts: true,
      act: async () => {
        await call("DELETE", path);
        props.onDeleted();
      },
    });

  return (
    <>
      <Drawer
        opened={id !== null}
        onClose={onClose}
        position="right"
        size="min(46rem, 100vw)"
        title={
          <span className={classes.heading}>
            {message ? `Message ${count(message.seq)}` : "Message"}
          </span>
        }
        closeButtonProps={{ "aria-label": "Close" }}
      >
        {query.isPending && <Loading what="Loading the message" />}
        {query.isError && <Failed error={query.error} retry={() => void query.refetch()} />}
        {message && (
          <div className={classes.stack}>
            <About message={message} />
            <Data key={message.msg_id} of={message.data} />
            {props.deletes !== undefined && (
              <Group justify="flex-end">
                <Button color="red" variant="light" onClick={() => remove(message)}>
                  Delete message
                </Button>
              </Group>
            )}
          </div>
        )}
      </Drawer>
      {dialog}
    </>
  );
}

/** What was given with the message, and by name what was not. */
function About({ message }: { message: TopicMessage }) {
  const absent: string[] = [];
  const text = (label: string, value: string | null, about?: string): Fact[] => {
    if (!value) absent.push(label);
    if (!value) return [];
    const wide = value.length > 20;
    return [{ label, value: <Name of={value} wrap max={2000} />, about, wide }];
  };
  const facts: Fact[] = [
    { label: "Published", value: <Time at={message.published_at} />, wide: true },
    {
      label: "Expires",
      value: message.expires_at ? <Time at={message.expires_at} /> : "never",
      wide: true,
    },
    ...text("Message ID", message.msg_id),
    { label: "Sequence", value: count(message.seq) },
    {
      label: "Size",
      value:
        message.size < 1024
          ? bytes(message.size)
          : `${bytes(message.size)} (${count(message.size)} B)`,
    },
    { label: "Priority", value: message.priority },
    ...text("Publisher", message.publisher),
    ...text("Channel", message.channel),
    ...text("Key", message.key, "Of messages with the same key only the newest waits"),
    ...text("MIME type", message.mime_type),
    ...text("Correlation ID", message.correl_id),
    ...text("In reply to", message.in_reply_to),
    ...text("External client ID", message.ext_client_id, "Whom it comes from, says its publisher"),
    ...text("External time", message.ext_pub_time, "When it was published, says its publisher"),
    { label: "Age", value: <Since at={message.published_at} /> },
  ];
  return (
    <div>
      <Facts of={facts} least="8rem" />
      {absent.length > 0 && (
        <p className={`dim ${classes.absent}`}>Not given: {absent.join(", ")}</p>
      )}
    </div>
  );
}

/** The data: as JSON, or a text as the text that it is. */
function Data(props: { of: unknown }) {
  const { of } = props;
  const isText = typeof of === "string";
  const [as, setAs] = useState(isText ? "text" : "json");
  const [all, setAll] = useState(false);
  const whole = as === "json" ? safeJson(of) : String(of);
  const text = all ? whole : whole.slice(0, enough);
  return (
    <section className={classes.stack} aria-label="Data">
      <div className={classes.tools}>
        <h3 className={classes.heading}>Data</h3>
        {isText && (
          <SegmentedControl
            aria-label="Show data as"
            size="xs"
            value={as}
            onChange={setAs}
            data={[
              { value: "text", label: "Text" },
              { value: "json", label: "JSON" },
            ]}
          />
        )}
        <span className={classes.push} />
        <CopyButton
          text={as === "text" ? String(of) : JSON.stringify(of, null, 2)}
          label="Copy data"
          size="xs"
        />
      </div>
      {as === "json" ? (
        <JsonEditor
          label="Data"
          value={text}
          readOnly
          minLines={3}
          maxLines={32}
          language={text.length === whole.length ? "json" : "text"}
        />
      ) : (
        <pre className={classes.text} tabIndex={0} aria-label="Data">
          {text
            .split("\n")
            .map((line) => visible(line, line.length + 1))
            .join("\n")}
        </pre>
      )}
      {text.length < whole.length && (
        <div className={`dim ${classes.below}`}>
          <span>
            The first {count(text.length)} of {count(whole.length)} characters
          </span>
          <Button variant="default" size="compact-xs" onClick={() => setAll(true)}>
            Show all
          </Button>
        </div>
      )}
    </section>
  );
}
