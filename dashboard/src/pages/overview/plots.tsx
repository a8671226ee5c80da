import { useElementSize, useViewportSize } from "@mantine/hooks";

import { bytes, count, millis, percent, rate } from "../../common/format";
import { binarySteps } from "../../common/plot";
import { about, loopLimit, type Overview } from "./data";
import { busiestOf, type Past } from "./history";
import { PlotPanel } from "./plot_panel";
import classes from "./plots.module.css";

const gap = 8;
/** What stands above the plots in a wide window. */
const above = 290;

/** The title and the frame of a plot. */
const around = 48;

/**
 * As many beside each other as leave no hole; as high as befits their width, or higher where the
 * window has `room` for all.
 */
export function plotLayout(width: number, room: number): { columns: number; height: number } {
  const columns = width < 560 ? 1 : width < 1500 ? 2 : 4;
  const each = (width - gap * (columns - 1)) / columns;
  const roomy = Math.min(each * 0.75, room / (8 / columns) - around);
  return { columns, height: Math.round(Math.max(112, Math.min(300, each * 0.34), roomy)) };
}

const perSecond = (value: number | null | undefined) => `${rate(value)}/s`;
/** A line that is nothing but 0 has no colour. */
const whenAny = <C extends string>(values: Array<number | null>, color: C) =>
  values.some((each) => each) ? color : ("dim" as const);

/** The last quarter of an hour. */
export function Plots({ now, past }: { now: Overview; past: Past }) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const window = useViewportSize();
  const { columns, height } = plotLayout(width, window.height - above);
  const { rates, loop_load } = now;
  const common = { times: past.times, height };
  const line = (label: string, name: Parameters<Past["of"]>[0], of: number | null) => ({
    label,
    values: past.of(name),
    now: of,
  });
  const errors = past.of("errors");
  const slow = past.of("slow_consumers");
  return (
    <div
      ref={ref}
      className={classes.plots}
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      <PlotPanel
        {...common}
        title="Connections"
        lines={[
          line("all", "connections", now.connections),
          { ...line("sessions", "sessions", now.sessions), color: "dim" },
        ]}
        format={count}
        top={4}
      />
      <PlotPanel
        {...common}
        title="Messages"
        lines={[
          line("in", "messages_in", rates.messages_in),
          { ...line("out", "messages_out", rates.messages_out), color: "dim" },
        ]}
        format={perSecond}
      />
      <PlotPanel
        {...common}
        title="Topics"
        lines={[
          line("delivered", "deliveries", rates.deliveries),
          { ...line("published", "publications", rates.publications), color: "dim" },
        ]}
        format={perSecond}
      />
      <PlotPanel
        {...common}
        title="Invocations"
        about={about.invocations}
        lines={[line("invocations", "invocations", rates.invocations)]}
        format={perSecond}
      />
      <PlotPanel
        {...common}
        title="What goes wrong"
        about={`Errors: ${about.errors}. Slow consumers: ${about.slow_consumers}`}
        lines={[
          { ...line("errors", "errors", rates.errors), color: whenAny(errors, "bad") },
          {
            ...line("slow", "slow_consumers", rates.slow_consumers),
            color: whenAny(slow, "warn"),
          },
        ]}
        format={perSecond}
      />
      <PlotPanel
        {...common}
        title="Loops' load"
        about={about.loops}
        lines={past.loops.map((values, loop) => ({
          label: `loop ${loop + 1}`,
          values,
          now: loop_load[loop],
          color: (loop_load[loop] ?? 0) > loopLimit ? "bad" : "accent",
        }))}
        summary={`busiest ${percent(busiestOf(loop_load))}`}
        format={percent}
      />
      <PlotPanel
        {...common}
        title="Resident memory"
        lines={[line("memory", "resident_bytes", now.resident_bytes)]}
        format={bytes}
        steps={binarySteps}
      />
      <PlotPanel
        {...common}
        title="Commit time"
        about={about.commits}
        lines={[line("commit", "commit_ms", now.commit_ms)]}
        format={millis}
      />
    </div>
  );
}
