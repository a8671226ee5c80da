import type { CSSProperties, ReactNode } from "react";

import classes from "./facts.module.css";

export interface Fact {
  label: string;
  value: ReactNode;
  /** Shown when one points at it. */
  about?: string;
  /** Takes the room of two. */
  wide?: boolean;
}

/** What is known of one thing, in as many columns as there is room for. */
export function Facts(props: { of: Fact[]; large?: boolean; least?: string }) {
  const style = props.least ? ({ "--least": props.least } as CSSProperties) : undefined;
  return (
    <dl className={classes.facts} style={style}>
      {props.of.map(({ label, value, about, wide }) => (
        <div
          key={label}
          title={about}
          className={`${classes.fact} ${props.large ? classes.large : ""} ${wide ? classes.wide : ""}`}
        >
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
