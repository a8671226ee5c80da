import { Link } from "wouter";

import type { Connection } from "../../api/types";
import { CopyButton } from "../../common/copy";
import { Name } from "../../common/name";
import { Panel } from "../../common/page";
import { Since, Time } from "../../common/time";
import { visible } from "../../common/visible";
import { to } from "../../shell/routes";
import classes from "./connection.module.css";
import { Fact, FactGroup, LongName } from "./fact";

const lookups: Record<string, string> = {
  pending: "being looked up",
  none: "none",
  timeout: "the name server does not answer",
};
const states: Record<string, string> = {
  new: "connected, no session yet",
  ready: "in session",
  closing: "closing",
};

/** All that is known of the connection but its counters. */
export function Attributes(props: { row: Connection; gone: boolean }) {
  const { row, gone } = props;
  const labels = Object.entries(row.labels);
  return (
    <Panel
      title="Attributes"
      actions={<CopyButton text={row.id} label="Copy connection id" size="compact-xs" />}
    >
      <div className={classes.groups}>
        <FactGroup title="Client">
          <Fact name="Connection id">
            <Name of={row.id} mono wrap />
          </Fact>
          <Fact name="Client id">
            <LongName of={row.client_id} />
          </Fact>
          <Fact name="Client name">
            <LongName of={row.client_name} />
          </Fact>
          <Fact name="User name">
            <LongName of={row.username} />
          </Fact>
          <Fact name="User agent">
            <LongName of={row.user_agent} />
          </Fact>
        </FactGroup>
        <FactGroup title="Remote">
          <Fact name="Address">
            <Name of={row.remote_address} mono wrap />
          </Fact>
          <Fact name="FQDN">
            <Name
              of={row.remote_fqdn}
              wrap
              max={300}
              empty={lookups[row.remote_fqdn_state ?? ""] ?? "none"}
            />
          </Fact>
          <Fact name="Forwarded for">
            <Name of={row.forwarded_for} mono wrap max={1000} />
          </Fact>
        </FactGroup>
        <FactGroup title="Local">
          <Fact name="Address">
            <Name of={row.local_address} mono wrap />
          </Fact>
          <Fact name="Server">
            <Name of={row.server_name} wrap />
          </Fact>
          <Fact name="Process id">
            <span className="num">{row.server_pid ?? "\u2013"}</span>
          </Fact>
        </FactGroup>
        <FactGroup title="Session">
          <Fact name="State">{gone ? "ended" : (states[row.state ?? ""] ?? row.state)}</Fact>
          <Fact name="Connected">
            <Time at={row.connected_at} />
          </Fact>
          <Fact name="Session since">
            <Time at={row.session_at} />
          </Fact>
          <Fact name="Last seen">
            <Time at={row.last_seen_at} />
            {row.last_seen_at && !gone && (
              <span className="dim">
                {" \u00b7 "}
                <Since at={row.last_seen_at} /> ago
              </span>
            )}
          </Fact>
        </FactGroup>
        <FactGroup title="Transport">
          <Fact name="Channel">
            <Link href={to.channel(row.channel)}>
              <Name of={row.channel} wrap />
            </Link>
          </Fact>
          <Fact name="TLS">
            <Name of={row.tls} wrap empty="not encrypted" />
          </Fact>
        </FactGroup>
        <FactGroup title="Labels">
          {labels.length === 0 && <Fact name="None">the client has sent no attrs</Fact>}
          {labels.map(([name, value]) => (
            <Fact key={name} name={visible(name, 100)}>
              <LongName of={value} />
            </Fact>
          ))}
        </FactGroup>
      </div>
    </Panel>
  );
}
