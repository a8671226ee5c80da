import { Modal, SegmentedControl, Switch } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";

import { segment, withQuery } from "../../api/client";
import { useLive } from "../../api/live";
import type { Connection, List, LoggedMessage } from "../../api/types";
import { CopyButton } from "../../common/copy";
import { bytes, count } from "../../common/format";
import { JsonEditor, jsonFault, pretty } from "../../common/json_editor";
import { Name } from "../../common/name";
import { Panel } from "../../common/page";
import { useQueryState } from "../../common/query_state";
import { useRoom } from "../../common/room";
import { Empty, Failed, Loading } from "../../common/states";
import { DataTable, type Column } from "../../common/table";
import { Time } from "../../common/time";
import { to } from "../../shell/routes";
import { byteCount } from "../../common/close_reason";
import classes from "./connection.module.css";

const mostRows = 1000;

const columns: Array<Column<LoggedMessage>> = [
  {
    id: "direction",
    title: "Way",
    width: "3.5rem",
    about: "In: from the client. Out: to it.",
    cell: (row) => <span className={row.direction === "in" ? "" : "dim"}>{row.direction}</span>,
  },
  { id: "at", title: "Time", width: "9.5rem", cell: (row) => <Time at={row.at} short /> },
  {
    id: "id",
    title: "Message id",
    width: "13.5rem",
    from: 900,
    cell: (row) => <Name of={row.id} mono />,
  },
  {
    id: "in_reply_to",
    title: "In reply to",
    width: "13.5rem",
    from: 1120,
    cell: (row) => <Name of={row.in_reply_to} mono dim />,
  },
  {
    id: "size",
    title: "Size",
    width: "5.5rem",
    align: "end",
    from: 420,
    cell: (row) => bytes(row.size),
  },
  {
    id: "payload",
    title: "Payload",
    width: "minmax(10rem, 3fr)",
    cell: (row) => <Name of={row.payload} mono />,
  },
];

/** Whether the log has less of the message than it had on the wire. */
export function isCut(row: Pick<LoggedMessage, "size" | "payload">): boolean {
  return byteCount(row.payload) < row.size;
}

/** The connection's message log, where its channel keeps one; the newest first. */
export function Messages(props: { row: Connection; gone: boolean }) {
  const { row, gone } = props;
  const [way, setWay] = useQueryState("way", "both");
  const [shownMessage, show] = useState<LoggedMessage>();
  const { ref, shown } = useRoom(columns);
  const { value, problem } = useLive<List<LoggedMessage>>(
    withQuery(`/connections/${segment(row.id)}/messages`, { limit: mostRows, sort: "-at" }),
  );
  const [held, hold] = useState<LoggedMessage[]>();
  const all = held ?? value?.items ?? [];
  const rows = all.filter((each) => way === "both" || each.direction === way);
  const keepsNone = !value && problem?.status === 404 && !gone;

  return (
    <Panel
      flush
      title="Message log"
      actions={
        value && (
          <>
            <Switch
              size="xs"
              label="Follow"
              title="New messages come at the top; without it the list stands still"
              checked={!held}
              onChange={(event) => hold(event.currentTarget.checked ? undefined : value.items)}
            />
            <SegmentedControl
              size="xs"
              value={way}
              onChange={(next) => setWay(next)}
              data={[
                { value: "both", label: `Both (${count(all.length)})` },
                { value: "in", label: "In" },
                { value: "out", label: "Out" },
              ]}
              aria-label="Way of the messages"
            />
          </>
        )
      }
    >
      <div ref={ref} className={classes.table}>
        {!value && !problem && <Loading />}
        {keepsNone && (
          <div className="dim">
            The channel keeps no message log. It can be switched on in the fields of{" "}
            <Link href={to.channel(row.channel)}>
              <Name of={row.channel} wrap />
            </Link>
            .
          </div>
        )}
        {!value && problem && !keepsNone && !gone && <Failed error={problem} />}
        {!value && gone && <div className="dim">The log went with the connection.</div>}
        {value && (
          <DataTable
            label="Message log"
            columns={shown}
            count={rows.length}
            row={(at) => rows[at]}
            rowKey={(each) => `${each.at} ${each.direction} ${each.id ?? ""}`}
            rowHeight={34}
            maxHeight="24rem"
            onOpen={show}
            empty={<Empty title="No messages yet" />}
          />
        )}
      </div>
      <Modal
        opened={shownMessage !== undefined}
        onClose={() => show(undefined)}
        title={shownMessage?.direction === "in" ? "Message of the client" : "Message to the client"}
        size="lg"
      >
        {shownMessage && <Message message={shownMessage} />}
      </Modal>
    </Panel>
  );
}

function Message({ message }: { message: LoggedMessage }) {
  const isJson = message.payload !== "" && jsonFault(message.payload) === undefined;
  return (
    <div style={{ display: "grid", gap: "0.75rem" }}>
      <div className={classes.about}>
        <Time at={message.at} />
        <span className="dim num">{bytes(message.size)}</span>
        {message.id && (
          <span>
            <span className="dim">id</span> <Name of={message.id} mono wrap />
          </span>
        )}
        {message.in_reply_to && (
          <span>
            <span className="dim">in reply to</span> <Name of={message.in_reply_to} mono wrap />
          </span>
        )}
      </div>
      {isCut(message) && (
        <div className="dim">
          The log keeps the first {bytes(byteCount(message.payload))} of this message.
        </div>
      )}
      <JsonEditor
        readOnly
        label="Payload"
        language={isJson ? "json" : "text"}
        value={isJson ? pretty(JSON.parse(message.payload)) : message.payload}
        minLines={2}
      />
      <div>
        <CopyButton text={message.payload} label="Copy payload" size="xs" />
      </div>
    </div>
  );
}
