import classes from "./reference.module.css";

/** GET reads; the others change something. */
export function MethodMark({ method }: { method: string }) {
  const kind = method === "GET" ? "" : method === "DELETE" ? classes.deletes : classes.changes;
  return <span className={`${classes.method} ${kind}`}>{method}</span>;
}
