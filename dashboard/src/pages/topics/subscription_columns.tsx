import { Link } from "wouter";

import type { Subscription } from "../../api/types";
import { bytes, count, span } from "../../common/format";
import { Name } from "../../common/name";
import type { Column } from "../../common/table";
import { Since, Time } from "../../common/time";
import { to } from "../../shell/routes";
import classes from "./topics.module.css";

/** Where the client is: its connection, or since when it is away. */
export function Whereabouts({ of }: { of: Subscription }) {
  if (of.connection_id)
    return (
      <Link href={to.connection(of.connection_id)} className={classes.link}>
        <Name of={of.connection_id} mono />
      </Link>
    );
  return (
    <span className="warn">
      away for <Since at={of.detached_at} />
    </span>
  );
}

export const subscriptionColumns: Array<Column<Subscription>> = [
  {
    id: "client",
    title: "Client",
    width: "minmax(10rem, 2fr)",
    sort: "client_id",
    cell: (each) => (
      <Link href={to.subscription(each.sub_key)} className={classes.link}>
        <Name of={each.client_id} />
      </Link>
    ),
  },
  {
    id: "channel",
    title: "Channel",
    width: "minmax(6rem, 1fr)",
    sort: "channel",
    from: 900,
    cell: (each) => <Name of={each.channel} />,
  },
  {
    id: "connection",
    title: "Connection",
    width: "minmax(11rem, 1.4fr)",
    sort: "detached_at",
    from: 560,
    about: "The connection that has it, or since when the client is away",
    cell: (each) => <Whereabouts of={each} />,
  },
  {
    id: "depth",
    title: "Waiting",
    width: "minmax(5.5rem, 0.7fr)",
    align: "end",
    sort: "depth",
    about: "Messages in its queue",
    cell: (each) => count(each.depth),
  },
  {
    id: "bytes",
    title: "Size",
    width: "minmax(5rem, 0.7fr)",
    align: "end",
    sort: "depth_bytes",
    from: 1240,
    cell: (each) => bytes(each.depth_bytes),
  },
  {
    id: "oldest",
    title: "Oldest",
    width: "minmax(6rem, 0.7fr)",
    align: "end",
    sort: "oldest_age",
    from: 1120,
    about: "The age of the oldest message in its queue",
    cell: (each) => span(each.oldest_age),
  },
  {
    id: "lag",
    title: "Lag",
    width: "minmax(5rem, 0.7fr)",
    align: "end",
    sort: "lag",
    about: "So many messages of the topic are newer than the last one delivered",
    cell: (each) => count(each.lag),
  },
  {
    id: "unacked",
    title: "Unacked",
    width: "minmax(5.5rem, 0.7fr)",
    align: "end",
    sort: "unacked",
    from: 760,
    about: "Delivered, and not acknowledged yet",
    cell: (each) => count(each.unacked),
  },
  {
    id: "dropped",
    title: "Dropped",
    width: "minmax(5.5rem, 0.7fr)",
    align: "end",
    sort: "dropped",
    from: 680,
    about: "Taken out of its queue without a delivery: expired, conflated or too many",
    cell: (each) => (
      <span className={each.dropped > 0 ? "warn" : "dim"}>{count(each.dropped)}</span>
    ),
  },
  {
    id: "ack",
    title: "Ack",
    width: "minmax(6.5rem, 0.6fr)",
    sort: "ack",
    from: 1000,
    about: "Who says that a message has arrived: the socket (auto) or the client",
    cell: (each) => (
      <>
        {each.ack}
        {each.durable && <span className="dim"> durable</span>}
      </>
    ),
  },
  {
    id: "subscribed",
    title: "Subscribed at",
    width: "minmax(13.5rem, 1fr)",
    sort: "subscribed_at",
    from: 1440,
    cell: (each) => <Time at={each.subscribed_at} />,
  },
];
