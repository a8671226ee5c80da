import { useMemo } from "react";

import { serverNow } from "../../api/client";
import { useLive, useLiveState } from "../../api/live";
import { count, plural, span } from "../../common/format";
import { Name } from "../../common/name";
import { Page } from "../../common/page";
import { Failed, Loading } from "../../common/states";
import { Time } from "../../common/time";
import { ChannelsPanel } from "./channels_panel";
import type { History, Overview as Now } from "./data";
import { pastOf } from "./history";
import { IncidentsPanel } from "./incidents_panel";
import classes from "./overview.module.css";
import { Plots } from "./plots";
import { Tiles } from "./tiles";

/** How the server is, at a glance: the page that one leaves open. */
export default function Overview() {
  const { value: now, problem } = useLive<Now>("/overview");
  const history = useLive<History>("/overview/history");
  const past = useMemo(() => pastOf(history.value), [history.value]);
  return (
    <Page
      title="Overview"
      about={
        now && <About now={now} isNew={history.value !== undefined && past.times.length < 12} />
      }
      wide
    >
      <div className={classes.frame}>
        {now?.draining && (
          <p role="status" className={classes.draining}>
            The server is draining: it takes no new connections and lets the others end.
          </p>
        )}
        {now ? (
          <Tiles now={now} past={past} />
        ) : problem ? (
          <Failed error={problem} what="The numbers of now cannot be shown" />
        ) : (
          <Loading />
        )}
        <div className={classes.parts}>
          <div className={classes.side}>
            <IncidentsPanel />
            <ChannelsPanel />
          </div>
          <section className={classes.past} aria-labelledby="past">
            <h2 id="past" className="visually-hidden">
              Last 15 minutes
            </h2>
            {history.problem && !history.value ? (
              <Failed error={history.problem} what="The plots cannot be shown" />
            ) : (
              now && <Plots now={now} past={past} />
            )}
          </section>
        </div>
      </div>
    </Page>
  );
}

/** Which server it is, since when it runs, what it has. */
function About({ now, isNew }: { now: Now; isNew: boolean }) {
  const away = useLiveState() === "away";
  const seen = useMemo(() => new Date(serverNow()).toISOString(), [now]);
  return (
    <div className={classes.about}>
      <Name of={now.server_name} max={60} />
      <span>version {now.version}</span>
      <span className="num">up {span(now.uptime)}</span>
      <span>
        {now.channels_active === now.channels
          ? plural(now.channels, "channel")
          : `${count(now.channels_active)} of ${plural(now.channels, "channel")} active`}
      </span>
      <span>{plural(now.topics, "topic")}</span>
      <span>{plural(now.subscriptions, "subscription")}</span>
      {isNew && <span>The plots fill as time goes by.</span>}
      {away && (
        <span className="warn">
          last seen <Time at={seen} short />
        </span>
      )}
    </div>
  );
}
