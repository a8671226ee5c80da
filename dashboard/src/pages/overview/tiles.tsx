import { bytes, count, millis, percent, plural, rate } from "../../common/format";
import { about, filesLimit, loopLimit, type Overview } from "./data";
import { busiestOf, type Past } from "./history";
import { Tile } from "./tile";
import classes from "./tiles.module.css";

/** The numbers of now. */
export function Tiles({ now, past }: { now: Overview; past: Past }) {
  const { rates } = now;
  const { times } = past;
  const busiest = busiestOf(now.loop_load);
  const tooBusy = now.loop_load.filter((load) => load > loopLimit).length;
  const files = now.max_fds > 0 ? now.open_fds / now.max_fds : 0;
  const errors = past.happened("errors");
  const slow = past.happened("slow_consumers");
  return (
    <dl className={classes.tiles} aria-label="Now">
      <Tile
        label="Connections"
        href="/connections"
        value={count(now.connections)}
        detail={`${count(now.sessions)} with a session`}
        times={times}
        values={past.of("connections")}
      />
      <Tile
        label="Messages in"
        value={rate(rates.messages_in)}
        unit="/s"
        detail={`${bytes(rates.bytes_in)}/s`}
        times={times}
        values={past.of("messages_in")}
      />
      <Tile
        label="Messages out"
        value={rate(rates.messages_out)}
        unit="/s"
        detail={`${bytes(rates.bytes_out)}/s`}
        times={times}
        values={past.of("messages_out")}
      />
      <Tile
        label="Deliveries"
        value={rate(rates.deliveries)}
        unit="/s"
        detail={`${rate(rates.publications)}/s published`}
        times={times}
        values={past.of("deliveries")}
      />
      <Tile
        label="Invocations"
        about={about.invocations}
        value={rate(rates.invocations)}
        unit="/s"
        detail={`of clients, peak ${rate(past.peak("invocations"))}/s`}
        times={times}
        values={past.of("invocations")}
      />
      <Tile
        label="Errors"
        about={about.errors}
        value={rate(rates.errors)}
        unit="/s"
        level={rates.errors > 0 ? "bad" : "fine"}
        because="There are errors now"
        detail={<Lately size={errors} level="bad" />}
        times={times}
        values={past.of("errors")}
      />
      <Tile
        label="Slow consumers"
        about={about.slow_consumers}
        value={rate(rates.slow_consumers)}
        unit="/s"
        level={rates.slow_consumers > 0 ? "warn" : "fine"}
        because="Clients read too slowly now"
        detail={<Lately size={slow} level="warn" />}
        times={times}
        values={past.of("slow_consumers")}
      />
      <Tile
        label="Resident memory"
        value={bytes(now.resident_bytes)}
        level={files > filesLimit ? "warn" : "fine"}
        because={`${percent(files)} of the file descriptors that it may have are in use`}
        detail={`${plural(now.open_fds, "file")} open`}
        times={times}
        values={past.of("resident_bytes")}
      />
      <Tile
        label="Busiest loop"
        about={about.loops}
        value={percent(busiest)}
        level={tooBusy > 0 ? "bad" : "fine"}
        because={`${plural(tooBusy, "loop")} above ${percent(loopLimit)}`}
        detail={`of ${plural(now.loop_load.length, "loop")}`}
        times={times}
        values={past.busiest}
      />
      <Tile
        label="Commit"
        about={about.commits}
        value={millis(now.commit_ms)}
        detail={`${rate(rates.commits)} commits/s`}
        times={times}
        values={past.of("commit_ms")}
      />
    </dl>
  );
}

/** What has happened since it was last quiet for long. */
function Lately({ size, level }: { size: number | undefined; level: "bad" | "warn" }) {
  if (size === undefined) return null;
  if (size === 0) return <>none in 15 min</>;
  return <span className={level}>{count(size)} in 15 min</span>;
}
