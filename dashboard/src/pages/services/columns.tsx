import { Fragment } from "react";
import { Link } from "wouter";

import { count, millis, rate } from "../../common/format";
import { Name } from "../../common/name";
import type { Column } from "../../common/table";
import { to } from "../../shell/routes";
import { Errors } from "./errors_cell";
import { kindOf, type ServiceRow } from "./rows";
import classes from "./services.module.css";
import type { Use } from "./use";

/** More names have no room in any window. */
const few = 12;

const quiet = (value: number) => (
  <span className={value === 0 ? "dim" : undefined}>{count(value)}</span>
);

/** The columns of the list, by what one looks for first. */
export const columns: Array<Column<ServiceRow>> = [
  {
    id: "name",
    title: "Service",
    width: "minmax(8rem, 2fr)",
    sort: "name",
    cell: (row) => <Name of={row.name} max={200} />,
  },
  {
    id: "kind",
    title: "Kind",
    width: "6rem",
    from: 720,
    sort: "kind",
    cell: (row) => <span className="dim">{kindOf(row.kind)}</span>,
    about: "Built in, behind a URL, or added to this server",
  },
  {
    id: "calls",
    title: "Calls",
    width: "6rem",
    align: "end",
    sort: "calls",
    cell: (row) => quiet(row.calls),
    about: "Since the server was started",
  },
  {
    id: "rate",
    title: "Calls/s",
    width: "6rem",
    from: 820,
    align: "end",
    sort: "rate",
    cell: (row) => <span className={row.rate ? undefined : "dim"}>{rate(row.rate)}</span>,
    about: "Over the last 10 seconds",
  },
  {
    id: "errors",
    title: "Errors",
    width: "6.5rem",
    align: "end",
    sort: "errors",
    cell: (row) => <Errors of={row} />,
    about: "Calls that were not answered as they should; + in the last minute",
  },
  {
    id: "in_flight",
    title: "In flight",
    width: "6rem",
    from: 520,
    align: "end",
    sort: "in_flight",
    cell: (row) => quiet(row.in_flight),
    about: "Calls that wait for their answer now",
  },
  {
    id: "restarts",
    title: "Restarts",
    width: "6rem",
    from: 920,
    align: "end",
    sort: "restarts",
    cell: (row) => <span className={row.restarts > 0 ? "warn" : "dim"}>{count(row.restarts)}</span>,
    about: "How often it failed as a whole and was started again",
  },
  {
    id: "mean_ms",
    title: "Mean",
    width: "6.5rem",
    from: 440,
    align: "end",
    sort: "mean_ms",
    cell: (row) =>
      row.calls === 0 ? <span className="dim">{"\u2013"}</span> : millis(row.mean_ms),
    about: "How long an answer takes, on average",
  },
  {
    id: "channels",
    title: "Used by",
    width: "minmax(10rem, 1.5fr)",
    from: 1020,
    sort: "channels",
    cell: (row) => <Users of={row.uses} />,
    about: "Channels that send it all requests, or whose clients may call it",
  },
];

/** How many, then as many names as there is room for. */
function Users({ of }: { of: Use[] }) {
  if (of.length === 0) return <span className="dim">no channel</span>;
  return (
    <span>
      <span className={`dim num ${classes.howMany}`}>{count(of.length)}</span>
      {of.slice(0, few).map(({ channel }, index) => (
        <Fragment key={channel.name}>
          {index > 0 && ", "}
          <Link href={to.channel(channel.name)} className={classes.link} tabIndex={-1}>
            <Name of={channel.name} max={40} />
          </Link>
        </Fragment>
      ))}
    </span>
  );
}
