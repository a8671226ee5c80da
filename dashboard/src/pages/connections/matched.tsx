import type { Connection } from "../../api/types";
import { count, plural } from "../../common/format";
import { Name } from "../../common/name";
import classes from "./bulk_dialog.module.css";

/** Whom a verb for many would hit: how many, the first by name, and by which selector. */
export function Matched(props: { matched: number; first: Connection[]; selector: string }) {
  const { matched, first, selector } = props;
  if (matched === 0)
    return <p className={classes.none}>No connection matches any more: there is nothing to do.</p>;
  const rest = matched - first.length;
  return (
    <div className={selector ? classes.matched : `${classes.matched} ${classes.everybody}`}>
      <p>
        {selector ? (
          <>
            This hits <strong>{plural(matched, "connection")}</strong>:
          </>
        ) : (
          <>
            No filter is on: this hits{" "}
            <strong>everybody who is connected, {plural(matched, "connection")}</strong>:
          </>
        )}
      </p>
      <ul className={classes.names}>
        {first.map((row) => (
          <li key={row.id}>
            <Name of={row.client_id} empty="no client id" max={80} />{" "}
            {row.client_name && <Name of={row.client_name} max={80} dim />}{" "}
            <Name of={row.id} mono dim />
          </li>
        ))}
        {rest > 0 && <li className="dim">and {count(rest)} more</li>}
      </ul>
      {selector && (
        <p className={classes.selector}>
          <Name of={selector} mono dim wrap max={2000} />
        </p>
      )}
    </div>
  );
}
