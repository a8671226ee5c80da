import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";

import { count, millis, plural, rate } from "../../common/format";
import { Name } from "../../common/name";
import { Empty } from "../../common/states";
import { to } from "../../shell/routes";
import { Errors } from "./errors_cell";
import { kindOf, type ServiceRow } from "./rows";
import classes from "./services.module.css";
import type { Use } from "./use";

/** One service beside the list: its numbers, and who uses it how. */
export function Details(props: { name: string; row: ServiceRow | undefined; close: () => void }) {
  const { name, row } = props;
  return (
    <Drawer
      opened={name !== ""}
      onClose={props.close}
      position="right"
      size="min(28rem, 100%)"
      title={<Name of={name} max={2048} wrap />}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {row ? (
        <Body row={row} />
      ) : (
        <Empty title="There is no such service">
          Services behind a URL are known here once they were called.
        </Empty>
      )}
    </Drawer>
  );
}

function Body({ row }: { row: ServiceRow }) {
  const answered = Math.max(0, row.calls - row.in_flight);
  return (
    <>
      <dl className={classes.facts}>
        <Fact name="Kind">{kindOf(row.kind)}</Fact>
        <Fact name="Calls">{count(row.calls)}</Fact>
        <Fact name="Calls a second">{rate(row.rate)}</Fact>
        <Fact name="Errors">
          <Errors of={row} />
        </Fact>
        <Fact name="Share of errors">
          {answered > 0 ? `${rate((row.errors / answered) * 100)} %` : "\u2013"}
        </Fact>
        <Fact name="In flight">{count(row.in_flight)}</Fact>
        <Fact name="Mean time of an answer">{row.calls > 0 ? millis(row.mean_ms) : "\u2013"}</Fact>
        <Fact name="Restarts">
          <span className={row.restarts > 0 ? "warn" : undefined}>{count(row.restarts)}</span>
        </Fact>
      </dl>
      <h3 className={classes.subtitle}>Channels that use it</h3>
      {row.uses.length === 0 ? (
        <p className="dim">
          None: no channel sends it its requests, and no channel lets clients call it.
        </p>
      ) : (
        <ul className={classes.uses}>
          {row.uses.map((use) => (
            <UseItem key={use.channel.name} use={use} />
          ))}
        </ul>
      )}
    </>
  );
}

function Fact(props: { name: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt className="dim">{props.name}</dt>
      <dd className="num">{props.children}</dd>
    </div>
  );
}

function UseItem({ use: { channel, by } }: { use: Use }) {
  return (
    <li className={classes.use}>
      <div className={classes.useTop}>
        <Link href={to.channel(channel.name)} className={classes.link}>
          <Name of={channel.name} max={120} />
        </Link>
        <Link
          href={to.connectionsOf(channel.name)}
          className={`${classes.link} ${classes.connections} num`}
        >
          {plural(channel.connections, "connection")}
        </Link>
      </div>
      <div className="dim">
        {by === "all" ? (
          "Sends it all requests of its clients."
        ) : (
          <>
            Clients may call it: allowed by <Name of={by.pattern} max={120} mono wrap />
          </>
        )}
        {!channel.is_active && " The channel is inactive."}
      </div>
    </li>
  );
}
