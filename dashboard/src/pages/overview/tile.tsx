import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "wouter";

import { Plot } from "../../common/plot";
import { shownSeconds } from "./data";
import classes from "./tiles.module.css";

/** `warn` needs a look, `bad` is wrong. */
export type Level = "fine" | "warn" | "bad";

/** One number of now, what belongs to it, and how it came to be. */
export function Tile(props: {
  label: string;
  /** What is counted, where the label does not say all. */
  about?: string;
  href?: string;
  value: string;
  unit?: string;
  detail?: ReactNode;
  level?: Level;
  /** Why it is coloured. */
  because?: string;
  times: number[];
  values: Array<number | null>;
  /** The least that the top of the small plot is. */
  top?: number;
}) {
  const { level = "fine" } = props;
  const color = level === "fine" ? "dim" : level;
  return (
    <div className={classes.tile}>
      <dt className={classes.label} title={props.about}>
        {props.href ? <Link href={props.href}>{props.label}</Link> : props.label}
        {level !== "fine" && (
          <span className={level} title={props.because}>
            <IconAlertTriangle size={14} aria-hidden />
            <span className="visually-hidden">{props.because}</span>
          </span>
        )}
      </dt>
      <dd className={`${classes.value} ${level === "fine" ? "" : level}`}>
        {props.value}
        {props.unit && <span className={classes.unit}> {props.unit}</span>}
      </dd>
      <dd className={classes.detail}>{props.detail}</dd>
      <dd className={classes.trend} aria-hidden>
        <Plot
          bare
          height={28}
          label={`${props.label}, last 15 minutes`}
          times={props.times}
          series={[{ label: props.label, color, values: props.values }]}
          format={String}
          seconds={shownSeconds}
          top={props.top}
        />
      </dd>
    </div>
  );
}
