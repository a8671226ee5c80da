import { useMemo } from "react";

import type { Connection } from "../../api/types";
import { bytes, count, millis, rate } from "../../common/format";
import { Panel } from "../../common/page";
import { Plot } from "../../common/plot";
import classes from "./connection.module.css";
import { rates, type CounterName, type Sample } from "./trail";

/** What was counted, and how it went since the page was opened. */
export function Counters(props: { row: Connection; trail: Sample[] }) {
  const { row, trail } = props;
  const times = useMemo(() => trail.map((each) => each.at), [trail]);
  const queue = useMemo(() => trail.map((each) => each.queue_bytes), [trail]);
  const trips = useMemo(() => trail.map((each) => each.rtt_ms), [trail]);
  const common = { trail, times };
  return (
    <Panel title="Counters" actions={<span className="dim">plots since the page was opened</span>}>
      <div className={classes.counters}>
        <Growing {...common} title="Messages in" name="messages_in" row={row} show={count} />
        <Growing {...common} title="Messages out" name="messages_out" row={row} show={count} />
        <Growing {...common} title="Bytes in" name="bytes_in" row={row} show={bytes} />
        <Growing {...common} title="Bytes out" name="bytes_out" row={row} show={bytes} />
        <Counter
          title="Queue"
          value={bytes(row.queue_bytes)}
          beside={`${count(row.queue_messages)} msg`}
          label={`Bytes in the queue: ${bytes(row.queue_bytes)}`}
          times={times}
          values={queue}
          top={1024}
          bad={(row.queue_bytes ?? 0) > 0}
          format={bytes}
        />
        <Counter
          title="Round trip"
          value={millis(row.rtt_ms)}
          label={`Round trip of the last Ping: ${millis(row.rtt_ms)}`}
          times={times}
          values={trips}
          format={millis}
        />
      </div>
      <div className={classes.totals}>
        <Total name="Invocations" value={row.invocations} />
        <Total name="of them failed" value={row.invocations_failed} bad />
        <Total name="Subscriptions" value={row.subscriptions} />
        <Total name="Messages dropped" value={row.dropped} bad />
      </div>
    </Panel>
  );
}

/** A counter that grows: its plot is the rate. */
function Growing(props: {
  title: string;
  name: CounterName;
  row: Connection;
  trail: Sample[];
  times: number[];
  show: (value: number | null | undefined) => string;
}) {
  const { name, trail, show } = props;
  const values = useMemo(() => rates(trail, name), [trail, name]);
  const perSecond = show === bytes ? bytes : rate;
  const latest = values[values.length - 1];
  return (
    <Counter
      title={props.title}
      value={show(props.row[name])}
      beside={latest === null || latest === undefined ? "" : `${perSecond(latest)}/s`}
      label={`${props.title} a second: ${perSecond(latest)}`}
      times={props.times}
      values={values}
      format={perSecond}
    />
  );
}

function Counter(props: {
  title: string;
  value: string;
  beside?: string;
  label: string;
  times: number[];
  values: Array<number | null>;
  format: (value: number | null | undefined) => string;
  top?: number;
  bad?: boolean;
}) {
  const { title, values } = props;
  const series = useMemo(() => [{ label: title, values }], [title, values]);
  return (
    <div className={classes.counter}>
      <h3>{title}</h3>
      <div className={classes.value}>
        <strong className={props.bad ? "warn" : undefined}>{props.value}</strong>
        <span className="dim">{props.beside}</span>
      </div>
      <Plot
        bare
        label={props.label}
        times={props.times}
        series={series}
        height={36}
        top={props.top}
        format={props.format}
      />
    </div>
  );
}

function Total(props: { name: string; value: number | null; bad?: boolean }) {
  const bad = props.bad && (props.value ?? 0) > 0;
  return (
    <span>
      <span className="dim">{props.name}</span>{" "}
      <span className={bad ? "num warn" : "num"}>{count(props.value)}</span>
    </span>
  );
}
