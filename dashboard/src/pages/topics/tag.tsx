import type { ReactNode } from "react";

import classes from "./topics.module.css";

/** A word beside a name that says how it is with it. */
export function Tag(props: { kind?: "warn" | "good"; children: ReactNode }) {
  return <span className={`${classes.tag} ${props.kind ?? "dim"}`}>{props.children}</span>;
}
