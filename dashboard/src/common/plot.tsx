import { useElementSize } from "@mantine/hooks";
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

import { timeParts, useZone } from "./zone";

export interface Series {
  label: string;
  /** A name of base.css without its dashes, such as `accent`. */
  color?: "accent" | "bad" | "warn" | "good" | "dim";
  values: Array<number | null>;
}

function colorOf(name: string, element: HTMLElement): string {
  // light-dark() has to be resolved by an element for the canvas.
  const probe = document.createElement("span");
  probe.style.color = `var(--${name})`;
  element.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}

/**
 * Values over time. What it shows is said in words by `label` and the numbers beside it: the canvas
 * is a picture to screen readers.
 */
export function Plot(props: {
  label: string;
  /** Seconds since the epoch. */
  times: number[];
  series: Series[];
  height?: number;
  format: (value: number | null | undefined) => string;
  /** No axes, no cursor: a small one beside a number. */
  bare?: boolean;
  /** The least that the top of the scale is. */
  top?: number;
  /** How much time it shows, up to the last value; by default all that there is. */
  seconds?: number;
  /** Plots with the same one show the same moment below the cursor. */
  sync?: string;
  /** By what the scale is divided, such as `binarySteps`. */
  steps?: number[];
}) {
  const {
    times,
    series,
    height = 120,
    format,
    bare = false,
    top = 1,
    seconds,
    sync,
    steps,
  } = props;
  const { ref, width } = useElementSize<HTMLDivElement>();
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const scheme = useComputedColorScheme();
  const zone = useZone();
  const shape = series.map((each) => `${each.label}/${each.color ?? ""}`).join("|");
  const latest = useRef({ times, series, format });
  latest.current = { times, series, format };

  useEffect(() => {
    const element = host.current;
    if (!element || width < 10) return;
    const dim = colorOf("dim", element);
    const line = colorOf("line", element);
    const clock = (at: number) => timeParts(new Date(at * 1000), zone).time;
    const axis = {
      stroke: dim,
      font: "11px system-ui",
      grid: { stroke: line, width: 1 },
      ticks: { show: false },
    };
    const options: uPlot.Options = {
      width,
      height,
      legend: { show: false },
      cursor: bare
        ? { show: false }
        : {
            y: false,
            drag: { x: false, y: false },
            points: { size: 6 },
            ...(sync ? { sync: { key: sync } } : {}),
          },
      padding: bare ? [2, 3, 2, 0] : [8, 16, 0, 0],
      scales: {
        x: seconds ? { range: (self) => upTo(self.data[0].at(-1), seconds) } : {},
        y: { range: (_, __, max) => [0, Math.max(top, (max || 0) * 1.1)] },
      },
      axes: bare
        ? [{ show: false }, { show: false }]
        : [
            {
              ...axis,
              space: 90,
              size: 24,
              values: (_, all) => all.map((at) => clock(at).slice(0, 5)),
            },
            {
              ...axis,
              size: 56,
              space: 28,
              ...(steps ? { incrs: steps } : {}),
              values: (_, all) => all.map((value) => latest.current.format(value)),
            },
          ],
      series: [
        {},
        ...latest.current.series.map((each) => {
          const color = colorOf(each.color ?? "accent", element);
          // More than two areas above each other are mud.
          const fill =
            series.length > 2 ? undefined : color.replace("rgb(", "rgba(").replace(")", ", 0.10)");
          const points = { show: true, size: 4, fill: color, filter: alone };
          return { label: each.label, stroke: color, width: 1.5, fill, points };
        }),
      ],
      hooks: bare
        ? {}
        : { setCursor: [(self) => showCursor(self, element, clock, latest.current)] },
    };
    const made = new uPlot(options, dataOf(latest.current), element);
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = undefined;
    };
  }, [width, height, scheme, zone, bare, top, seconds, sync, steps, shape]);

  useEffect(() => {
    const data = dataOf({ times, series });
    // Pages render more often than there is something new.
    if (plot.current?.data.some((each, index) => each !== data[index]) ?? false)
      plot.current?.setData(data);
  }, [times, series]);

  return (
    <div ref={ref} style={{ minWidth: 0 }}>
      <div
        ref={host}
        role="img"
        aria-label={props.label}
        style={{ position: "relative", height }}
      />
    </div>
  );
}

/** The scale of `seconds` that ends with the last value. */
function upTo(last: number | undefined, seconds: number): [number | null, number | null] {
  return last === undefined ? [null, null] : [last - seconds, last];
}

/** Values without a neighbour have no line: they are shown as dots. */
function alone(self: uPlot, at: number): number[] {
  const values = self.data[at] ?? [];
  const is = (index: number) => values[index] !== null && values[index] !== undefined;
  return [...values.keys()].filter((index) => is(index) && !is(index - 1) && !is(index + 1));
}

/** For sizes in bytes. */
export const binarySteps = Array.from({ length: 50 }, (_, power) => 2 ** power);

function dataOf(from: { times: number[]; series: Series[] }): uPlot.AlignedData {
  return [from.times, ...from.series.map((each) => each.values)] as uPlot.AlignedData;
}

/** So many values fit into the box. */
const most = 4;

/** The values below the cursor, in a small box that is part of the picture. */
function showCursor(
  self: uPlot,
  element: HTMLElement,
  clock: (at: number) => string,
  now: { times: number[]; series: Series[]; format: (value: number | null | undefined) => string },
): void {
  let box = element.querySelector<HTMLElement>("[data-cursor]");
  const at = self.cursor.idx;
  if (at === null || at === undefined) {
    box?.remove();
    return;
  }
  if (!box) {
    box = document.createElement("div");
    box.dataset.cursor = "";
    box.style.cssText =
      "position:absolute;top:0;right:8px;font-size:11px;padding:1px 6px;border-radius:4px;pointer-events:none;background:var(--panel);color:var(--dim);font-variant-numeric:tabular-nums";
    element.append(box);
  }
  const all = now.series.map((each) => ({ label: each.label, value: each.values[at] }));
  // Of many lines the highest ones.
  if (all.length > most) all.sort((a, b) => (b.value ?? -1) - (a.value ?? -1));
  const values = all
    .slice(0, most)
    .map(({ label, value }) =>
      all.length > 1 ? `${label} ${now.format(value)}` : now.format(value),
    );
  box.textContent = [clock(now.times[at] ?? 0), ...values].join(" \u00b7 ");
}
