import { Button, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMemo } from "react";
import { Link } from "wouter";

import { call, segment, withQuery } from "../../api/client";
import { useLive } from "../../api/live";
import { useMay } from "../../api/session";
import type { Connection, List, Subscription } from "../../api/types";
import { useConfirm } from "../../common/confirm";
import { bytes, count, plural } from "../../common/format";
import { Name } from "../../common/name";
import { Panel } from "../../common/page";
import { useQueryState } from "../../common/query_state";
import { useRoom } from "../../common/room";
import { Empty, Failed, Loading } from "../../common/states";
import { DataTable, parseSorting, sortingText, type Column } from "../../common/table";
import { Time } from "../../common/time";
import { visible } from "../../common/visible";
import { to } from "../../shell/routes";
import classes from "./connection.module.css";
import { Subscribe } from "./subscribe";

const mostRows = 1000;

const columns: Array<Column<Subscription>> = [
  {
    id: "topic",
    title: "Topic",
    width: "minmax(6rem, 2fr)",
    sort: "topic_name",
    cell: (row) => (
      <Link href={to.topic(row.topic_name)}>
        <Name of={row.topic_name} />
      </Link>
    ),
  },
  {
    id: "sub_key",
    title: "Subscription key",
    width: "minmax(8rem, 2fr)",
    sort: "sub_key",
    from: 1065,
    cell: (row) => (
      <Link href={to.subscription(row.sub_key)}>
        <Name of={row.sub_key} mono />
      </Link>
    ),
  },
  {
    id: "subscribed_at",
    title: "Subscribed",
    width: "15.75rem",
    sort: "subscribed_at",
    from: 750,
    cell: (row) => (
      <>
        <Time at={row.subscribed_at} /> {isBefore(row) && <Before />}
      </>
    ),
  },
  {
    id: "resumed_at",
    title: "Resumed",
    width: "12.5rem",
    sort: "resumed_at",
    from: 1270,
    cell: (row) => <Time at={row.resumed_at} />,
  },
  {
    id: "ack",
    title: "Ack",
    width: "8rem",
    sort: "ack",
    from: 500,
    about: "When a message counts as delivered; durable: the subscription outlives the connection",
    cell: (row) => (
      <>
        {row.ack}
        {row.durable && <span className="dim">, durable</span>}
      </>
    ),
  },
  {
    ...number("depth", "Depth", "Messages that wait for it; shows the queue"),
    cell: (row) => (
      <Link href={to.subscription(row.sub_key)} title={`${bytes(row.depth_bytes)}: show the queue`}>
        {count(row.depth)}
      </Link>
    ),
  },
  number("lag", "Lag", "By how many messages of the topic it is behind", 370),
  number("unacked", "Unacked", "Delivered, and not acknowledged yet", 935),
  number("dropped", "Dropped", "Messages that it has lost", 935),
];

function number(
  name: "depth" | "lag" | "unacked" | "dropped",
  title: string,
  about: string,
  from?: number,
): Column<Subscription> {
  return {
    id: name,
    title,
    about,
    from,
    width: name === "depth" || name === "lag" ? "4.75rem" : "5.75rem",
    align: "end",
    sort: name,
    cell: (row) => (
      <span className={name === "dropped" && row.dropped > 0 ? "warn" : undefined}>
        {count(row[name])}
      </span>
    ),
  };
}

/** Whether the client was subscribed before this connection was made. */
export function isBefore(row: Pick<Subscription, "subscribed_at" | "connected_at">): boolean {
  return row.connected_at !== null && Date.parse(row.subscribed_at) < Date.parse(row.connected_at);
}

function Before() {
  return (
    <Tooltip label="Before this connection: the subscription is older than it">
      <span className={classes.mark}>before</span>
    </Tooltip>
  );
}

/** What the connection is subscribed to, live. */
export function Subscriptions(props: { row: Connection; gone: boolean }) {
  const { row, gone } = props;
  const may = useMay("operator") && !gone;
  const [opened, { open, close }] = useDisclosure(false);
  const [sort, setSort] = useQueryState("subscriptions", "topic_name");
  const { ask, dialog } = useConfirm();
  const { value, problem } = useLive<List<Subscription>>(
    withQuery(`/connections/${segment(row.id)}/subscriptions`, { limit: mostRows, sort }),
  );

  const client = row.client_id || row.id;
  const shownColumns = useMemo(() => {
    if (!may) return columns;
    const unsubscribe = (each: Subscription) =>
      ask({
        title: "Unsubscribe",
        text: (
          <>
            <p>
              <strong>
                <Name of={client} wrap />
              </strong>{" "}
              will get no more messages of{" "}
              <strong>
                <Name of={each.topic_name} wrap />
              </strong>
              .
            </p>
            {each.depth > 0 && <p>{plural(each.depth, "message")} that wait for it are lost.</p>}
          </>
        ),
        verb: "Unsubscribe",
        hurts: true,
        act: () => call("DELETE", `/subscriptions/${segment(each.sub_key)}`),
      });
    const actions: Column<Subscription> = {
      id: "actions",
      title: "Actions",
      width: "7.25rem",
      align: "end",
      cell: (each) => (
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => unsubscribe(each)}
          aria-label={`Unsubscribe from ${visible(each.topic_name, 100)}`}
        >
          Unsubscribe
        </Button>
      ),
    };
    return [...columns, actions];
    // `ask` only sets state
  }, [may, client]);
  const { ref, shown } = useRoom(shownColumns);

  const rows = value?.items ?? [];
  return (
    <Panel
      flush
      title={value ? `Subscriptions (${count(value.total)})` : "Subscriptions"}
      actions={
        may && (
          <Button size="xs" variant="default" onClick={open}>
            Subscribe
          </Button>
        )
      }
    >
      <div ref={ref} className={classes.table}>
        {!value && !problem && <Loading />}
        {!value && problem && !gone && <Failed error={problem} />}
        {!value && gone && <Empty title="Its subscriptions are not known any more" />}
        {value && (
          <DataTable
            label="Subscriptions"
            columns={shown}
            count={rows.length}
            row={(at) => rows[at]}
            rowKey={(each) => each.sub_key}
            sorting={parseSorting(sort)}
            onSort={(next) => setSort(sortingText(next))}
            maxHeight="24rem"
            empty={
              <Empty title="It is subscribed to nothing">
                {may && "Subscribe it to a topic here, or the client does so itself"}
              </Empty>
            }
          />
        )}
        {value && value.total > rows.length && (
          <p className="dim">The first {count(rows.length)} are shown.</p>
        )}
      </div>
      <Subscribe opened={opened} onClose={close} row={row} gone={gone} />
      {dialog}
    </Panel>
  );
}
