import type { ReactNode } from "react";
import { Link } from "wouter";

import type { Connection } from "../../api/types";
import { bytes, count, millis } from "../../common/format";
import { Name } from "../../common/name";
import { Since } from "../../common/time";
import { to } from "../../shell/routes";
import classes from "./connections.module.css";

/** Two lines of a cell: what one looks for above, the rest below it. */
export function Two(props: { top: ReactNode; below: ReactNode; end?: boolean }) {
  return (
    <div className={props.end ? `${classes.two} ${classes.ends}` : classes.two}>
      <div className={classes.line}>{props.top}</div>
      <div className={`${classes.line} ${classes.below}`}>{props.below}</div>
    </div>
  );
}

function dot(left: ReactNode, right: ReactNode): ReactNode {
  return (
    <>
      {left}
      <span className={classes.dot} aria-hidden>
        {"\u00b7"}
      </span>
      {right}
    </>
  );
}

export function ClientCell({ row }: { row: Connection }) {
  const id = <Name of={row.id} mono />;
  return (
    <Two
      top={
        <strong className={classes.client}>
          <Name of={row.client_id} empty="no client id" max={120} />
        </strong>
      }
      below={row.client_name ? dot(<Name of={row.client_name} max={120} />, id) : id}
    />
  );
}

export function ChannelCell({ row }: { row: Connection }) {
  return (
    <Link href={to.channel(row.channel ?? "")} tabIndex={-1} className={classes.link}>
      <Name of={row.channel} max={120} />
    </Link>
  );
}

export function RemoteCell({ row }: { row: Connection }) {
  const fqdn = row.remote_fqdn ? (
    <Name of={row.remote_fqdn} max={120} />
  ) : (
    <span title="What reverse DNS says of the address">
      {row.remote_fqdn_state === "pending" ? "looking up" : "no name"}
    </span>
  );
  return (
    <Two
      top={<Name of={row.remote_address} mono />}
      below={
        row.forwarded_for
          ? dot(
              fqdn,
              <span className={classes.line}>
                for <Name of={row.forwarded_for} mono max={120} />
              </span>,
            )
          : fqdn
      }
    />
  );
}

export function LocalCell({ row }: { row: Connection }) {
  return (
    <Two
      top={<Name of={row.local_address} mono />}
      below={dot(<Name of={row.server_name} max={60} />, <span>pid {row.server_pid}</span>)}
    />
  );
}

export function IdleCell({ row }: { row: Connection }) {
  const { last_seen_at: seen, connected_at: since } = row;
  return <Since at={seen && since ? (seen > since ? seen : since) : (seen ?? since)} />;
}

/** Amber once something waits that should be gone. */
export function QueueCell({ row }: { row: Connection }) {
  if (!row.queue_messages && !row.queue_bytes) return <span className="dim">0</span>;
  return (
    <Two
      end
      top={<span className="warn">{count(row.queue_messages)}</span>}
      below={bytes(row.queue_bytes)}
    />
  );
}

/** The number above, and bytes below it. */
export function FlowCell(props: { messages: number | null; size: number | null }) {
  return <Two end top={count(props.messages)} below={bytes(props.size)} />;
}

export function RoundTripCell({ row }: { row: Connection }) {
  const slow = (row.rtt_ms ?? 0) >= 1000;
  return <span className={slow ? "warn" : undefined}>{millis(row.rtt_ms)}</span>;
}

const states: Record<string, string> = { new: "dim", ready: "good", closing: "warn" };

export function StateCell({ row }: { row: Connection }) {
  const state = row.state ?? "";
  return (
    <span className={`${classes.state} ${states[state] ?? ""}`}>
      <span className={classes.bead} aria-hidden />
      {state || "\u2013"}
    </span>
  );
}

const labelsShown = 6;

export function LabelsCell({ row }: { row: Connection }) {
  const all = Object.entries(row.labels ?? {});
  if (all.length === 0) return <span className="dim">{"\u2013"}</span>;
  return (
    <div className={classes.labels}>
      {all.slice(0, labelsShown).map(([key, value]) => (
        <span key={key} className={classes.label}>
          <Name of={key} dim max={40} />
          <Name of={value} max={60} />
        </span>
      ))}
      {all.length > labelsShown && <span className="dim">+{all.length - labelsShown}</span>}
    </div>
  );
}

export function FailuresCell({ row }: { row: Connection }) {
  return (
    <Two
      end
      top={count(row.invocations)}
      below={
        row.invocations_failed ? (
          <span className="bad">{count(row.invocations_failed)} failed</span>
        ) : (
          "none failed"
        )
      }
    />
  );
}
