import { span } from "./format";
import { useNow } from "./clock";
import { localZoneName, switchZone, timeParts, useZone } from "./zone";
import classes from "./time.module.css";

/** A moment. A click shows every time of the page in UTC, another one in the viewer's zone. */
export function Time(props: { at: string | null | undefined; short?: boolean }) {
  const zone = useZone();
  if (!props.at) return <span className="dim">{"\u2013"}</span>;
  const at = new Date(props.at);
  if (Number.isNaN(at.getTime())) return <span>{props.at}</span>;
  const parts = timeParts(at, zone);
  const other = zone === "utc" ? localZoneName() : "UTC";
  return (
    <button
      type="button"
      tabIndex={-1}
      className={classes.time}
      title={`${props.at}\nClick: show all times in ${other}`}
      onClick={(event) => {
        event.stopPropagation();
        switchZone();
      }}
    >
      <time dateTime={props.at}>
        {!props.short && <span>{parts.date} </span>}
        <span>{parts.time}</span> <span className={classes.zone}>{parts.zone}</span>
      </time>
    </button>
  );
}

/** How long ago that was, or since when it goes on; counts on by itself. */
export function Since(props: { at: string | null | undefined }) {
  const now = useNow();
  if (!props.at) return <span className="dim">{"\u2013"}</span>;
  return (
    <span className="num" title={props.at}>
      {span((now - Date.parse(props.at)) / 1000)}
    </span>
  );
}
