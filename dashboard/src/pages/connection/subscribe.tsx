import {
  Autocomplete,
  Button,
  Group,
  Modal,
  NumberInput,
  Select,
  Stack,
  Switch,
  TextInput,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";

import { call, get, segment } from "../../api/client";
import { Problem } from "../../api/problem";
import type { Connection } from "../../api/types";
import { plural } from "../../common/format";
import { Name } from "../../common/name";
import { ErrorLine } from "../../common/states";
import classes from "./disconnect.module.css";

interface Subscribed {
  topic_name: string;
  sub_key: string;
  current_depth: number;
}

const starts = [
  { value: "new", label: "What is published from now on" },
  { value: "first", label: "All that the topic still has" },
  { value: "sequence", label: "A sequence number" },
  { value: "time", label: "A time" },
];

/** What `from` is in the request; undefined: what stands there is no such thing. */
export function startPoint(kind: string, text: string): string | number | undefined {
  if (kind === "new" || kind === "first") return kind;
  if (kind === "sequence") return /^\d{1,15}$/.test(text.trim()) ? Number(text) : undefined;
  const at = new Date(text);
  return text === "" || Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** Subscribes a client to a topic, on its behalf. */
export function Subscribe(props: {
  opened: boolean;
  onClose: () => void;
  row: Connection;
  gone: boolean;
}) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title="Subscribe to a topic">
      {props.opened && <Form {...props} />}
    </Modal>
  );
}

function Form(props: { onClose: () => void; row: Connection; gone: boolean }) {
  const { row } = props;
  const [topic, setTopic] = useState("");
  const [ack, setAck] = useState("auto");
  const [durable, setDurable] = useState(false);
  const [start, setStart] = useState("new");
  const [startText, setStartText] = useState("");
  const [batch, setBatch] = useState<number | string>(500);
  const [wrap, setWrap] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [made, setMade] = useState<Subscribed>();
  const topics = useQuery({
    queryKey: ["topic names"],
    queryFn: ({ signal }) =>
      get<{ items: Array<{ name: string }> }>("/topics", { limit: 1000, fields: "name" }, signal),
    staleTime: 10_000,
  });

  const from = startPoint(start, startText);
  const fault = (name: string) =>
    error instanceof Problem && error.field === name ? error.message : undefined;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setMade(undefined);
    if (!topic.trim()) return setError(new Error("Which topic?"));
    if (from === undefined)
      return setError(
        new Error(start === "time" ? "From which time?" : "The sequence is a whole number"),
      );
    setBusy(true);
    setError(undefined);
    try {
      const body = {
        topic_name: topic.trim(),
        ack,
        durable,
        from,
        delivery_batch_size: batch === "" ? undefined : batch,
        wrap_one_msg_in_list: wrap,
      };
      const path = `/connections/${segment(row.id)}/subscriptions`;
      setMade(await call<Subscribed>("POST", path, { body }));
      setTopic("");
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="sm">
        <div className="dim" style={{ overflowWrap: "anywhere" }}>
          On behalf of <Name of={row.client_id || row.id} wrap />. The client gets the topic&apos;s
          messages as if it had asked for them.
        </div>
        <Autocomplete
          label="Topic"
          value={topic}
          onChange={setTopic}
          data={topics.data?.items.map((each) => each.name) ?? []}
          limit={50}
          withScrollArea={false}
          classNames={{ options: classes.options }}
          error={fault("topic_name")}
          required
          data-autofocus
        />
        <Select
          label="Acknowledgement"
          description="When a message counts as delivered"
          data={[
            { value: "auto", label: "auto: when the socket has taken it" },
            { value: "client", label: "client: when the client says so" },
          ]}
          value={ack}
          onChange={(next) => setAck(next ?? "auto")}
          allowDeselect={false}
          error={fault("ack")}
        />
        <Select
          label="Begin with"
          data={starts}
          value={start}
          onChange={(next) => setStart(next ?? "new")}
          allowDeselect={false}
          error={start === "new" || start === "first" ? fault("from") : undefined}
        />
        {start === "sequence" && (
          <TextInput
            label="First sequence"
            inputMode="numeric"
            value={startText}
            onChange={(event) => setStartText(event.currentTarget.value)}
            error={fault("from")}
          />
        )}
        {start === "time" && (
          <TextInput
            label="From (your local time)"
            type="datetime-local"
            step={1}
            value={startText}
            onChange={(event) => setStartText(event.currentTarget.value)}
            error={fault("from")}
          />
        )}
        <Switch
          label="Durable"
          description="It outlives the connection and the server; its queue goes on filling"
          checked={durable}
          onChange={(event) => setDurable(event.currentTarget.checked)}
        />
        <NumberInput
          label="Messages of one delivery, at most"
          min={1}
          max={1000}
          value={batch}
          onChange={setBatch}
          error={fault("delivery_batch_size")}
        />
        <Switch
          label="A single message comes as a list of one"
          checked={wrap}
          onChange={(event) => setWrap(event.currentTarget.checked)}
        />
        <ErrorLine error={error} />
        <div role="status" className="good" style={{ overflowWrap: "anywhere" }}>
          {made && (
            <>
              Subscribed to <Name of={made.topic_name} wrap />:{" "}
              {plural(made.current_depth, "message")} waiting
            </>
          )}
        </div>
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose}>
            {made ? "Done" : "Cancel"}
          </Button>
          <Button type="submit" loading={busy} disabled={props.gone}>
            Subscribe
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
