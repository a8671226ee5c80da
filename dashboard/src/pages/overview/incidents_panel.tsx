import { Button } from "@mantine/core";
import { useViewportSize } from "@mantine/hooks";
import { IconAlertOctagon, IconAlertTriangle } from "@tabler/icons-react";

import { useLive } from "../../api/live";
import type { List } from "../../api/types";
import { useNow } from "../../common/clock";
import { count, plural, span } from "../../common/format";
import { Name } from "../../common/name";
import { useQueryState } from "../../common/query_state";
import { Empty, Failed, Loading } from "../../common/states";
import { Time } from "../../common/time";
import type { Incident } from "./data";
import classes from "./incidents_panel.module.css";
import { SidePanel } from "./side_panel";

/** So many are shown before one asks for all; in a high window more. */
const fewOf = (height: number) => (height > 1400 ? 14 : 6);
/** Within so many seconds a time of day says which day it is. */
const sameDay = 12 * 3600;

/** What went wrong lately, newest first. */
export function IncidentsPanel() {
  const { value, problem } = useLive<List<Incident>>("/incidents?limit=256");
  const [shown, setShown] = useQueryState("incidents");
  const all = shown === "all";
  const items = value?.items ?? [];
  const few = fewOf(useViewportSize().height);
  const more = items.length > few;
  return (
    <SidePanel
      title="What went wrong lately"
      about={items.length > 0 && count(items.length)}
      actions={
        more && (
          <Button
            variant="subtle"
            size="compact-xs"
            aria-expanded={all}
            onClick={() => setShown(all ? "" : "all")}
          >
            {all ? `The last ${few} only` : `Show all ${count(items.length)}`}
          </Button>
        )
      }
    >
      {!value ? (
        problem ? (
          <Failed error={problem} what="It cannot be shown" />
        ) : (
          <Loading />
        )
      ) : items.length === 0 ? (
        <Empty title="Nothing went wrong in the server">
          Its log has no warning and no error since it started. What clients do wrong is counted
          under Errors.
        </Empty>
      ) : (
        <ol
          className={classes.list}
          // What scrolls can be reached with the keyboard.
          tabIndex={all ? 0 : undefined}
          aria-label="Warnings and errors, newest first"
          data-all={all || undefined}
        >
          {(all ? items : items.slice(0, few)).map((each) => (
            <Row key={each.id} incident={each} />
          ))}
        </ol>
      )}
      {value && value.total > items.length && all && (
        <p className={classes.more}>and {plural(value.total - items.length, "older one")}</p>
      )}
    </SidePanel>
  );
}

function Row({ incident }: { incident: Incident }) {
  const warning = incident.level === "warning";
  const seconds = (useNow() - Date.parse(incident.at)) / 1000;
  const Icon = warning ? IconAlertTriangle : IconAlertOctagon;
  return (
    <li className={classes.row}>
      <span className={`${classes.icon} ${warning ? "warn" : "bad"}`}>
        <Icon size={16} stroke={1.8} aria-hidden />
      </span>
      <div className={classes.text}>
        <Name of={incident.text} max={1000} wrap />
        <div className={classes.when}>
          <span>{incident.level}</span>
          <Time at={incident.at} short={seconds < sameDay} />
          <span className="num">{seconds < 5 ? "just now" : `${span(seconds)} ago`}</span>
        </div>
      </div>
    </li>
  );
}
