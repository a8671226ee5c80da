import { count, plural } from "../../common/format";
import classes from "./services.module.css";
import type { ServiceRow } from "./rows";

/** Errors: none is quiet, those of old need a look, new ones are wrong. */
export function Errors({ of }: { of: Pick<ServiceRow, "errors" | "errors_lately"> }) {
  if (of.errors === 0) return <span className="dim">0</span>;
  if (of.errors_lately === 0) return <span className="warn">{count(of.errors)}</span>;
  return (
    <span className="bad" title={`${plural(of.errors_lately, "more", "more")} in the last minute`}>
      <span className={classes.new}>+{count(of.errors_lately)}</span> {count(of.errors)}
      <span className="visually-hidden"> within the last minute</span>
    </span>
  );
}
