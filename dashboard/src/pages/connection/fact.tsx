import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";

import { count } from "../../common/format";
import { Name } from "../../common/name";
import classes from "./connection.module.css";

/** Names and values that belong together, below a heading. */
export function FactGroup(props: { title: string; children: ReactNode }) {
  return (
    <section className={classes.group}>
      <h3>{props.title}</h3>
      <dl className={classes.facts}>{props.children}</dl>
    </section>
  );
}

export function Fact(props: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

/** A word about how something is; its colour means something. */
export function Badge(props: { tone?: "good" | "warn" | "bad"; children: ReactNode }) {
  return (
    <span className={classes.badge} data-tone={props.tone}>
      {props.children}
    </span>
  );
}

/** So much of a text is shown before one asks for more. */
const usualLength = 160;

/** A text of somebody else's that may be very long: its start, and all of it when asked for. */
export function LongName(props: { of: string | null; empty?: string }) {
  const { of, empty } = props;
  const [all, setAll] = useState(false);
  if (!of || of.length <= usualLength) return <Name of={of} wrap empty={empty} />;
  return (
    <>
      <Name of={of} wrap max={all ? of.length : usualLength} />{" "}
      <Button
        size="compact-xs"
        variant="subtle"
        aria-expanded={all}
        onClick={() => setAll((before) => !before)}
      >
        {all ? "Show less" : `Show all ${count(of.length)} characters`}
      </Button>
    </>
  );
}
