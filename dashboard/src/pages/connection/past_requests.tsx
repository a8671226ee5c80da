import { Button } from "@mantine/core";

import { Name } from "../../common/name";
import { Time } from "../../common/time";
import { millis } from "../../common/format";
import { visible } from "../../common/visible";
import { forgetRequests, useRequests, type PastRequest } from "./history";
import classes from "./invoke.module.css";
import { aboutInvoke } from "./outcomes";

/** The requests that were made of clients of the channel, to make them again. */
export function PastRequests(props: { channel: string; onUse: (request: PastRequest) => void }) {
  const requests = useRequests(props.channel);
  if (requests.length === 0) return null;
  return (
    <section aria-label="Earlier requests">
      <div className={classes.subtitle}>
        <span>Earlier requests on this channel</span>
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          onClick={() => forgetRequests(props.channel)}
        >
          Forget them
        </Button>
      </div>
      <ul className={classes.requests}>
        {requests.map((each) => (
          <Past key={each.at} request={each} onUse={() => props.onUse(each)} />
        ))}
      </ul>
    </section>
  );
}

function Past(props: { request: PastRequest; onUse: () => void }) {
  const { request } = props;
  const about =
    request.outcome === "unknown"
      ? { title: "Not known", tone: "warn" as const }
      : aboutInvoke(request.outcome);
  return (
    <li>
      <Name of={request.data.replace(/\s+/g, " ").trim()} mono max={160} empty="no data" />
      <Button
        size="compact-xs"
        variant="default"
        onClick={props.onUse}
        aria-label={`Use again: ${visible(request.data, 60)}`}
      >
        Use again
      </Button>
      <div className={`${classes.past} dim`}>
        <span className={about.tone}>{about.title}</span>
        {request.ms !== null && <span className="num">{millis(request.ms)}</span>}
        <Time at={new Date(request.at).toISOString()} />
        <span className="num">timeout {request.timeout} s</span>
      </div>
    </li>
  );
}
