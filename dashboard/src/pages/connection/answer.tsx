import { useEffect, useState } from "react";
import { Link } from "wouter";

import { JsonEditor, pretty } from "../../common/json_editor";
import { millis } from "../../common/format";
import { Name } from "../../common/name";
import { Time } from "../../common/time";
import { to } from "../../shell/routes";
import { Badge } from "./fact";
import classes from "./invoke.module.css";
import type { Answer } from "./invoking";
import { aboutInvoke } from "./outcomes";

/** How long the call has run, ten times a second. */
export function Running(props: { since: number; timeout: number }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 100);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, (now - props.since) / 1000);
  return (
    <span className="num dim" role="timer" aria-label="Time that the call has taken">
      {seconds.toFixed(1)} s of {props.timeout} s
    </span>
  );
}

/** What came of a call: its outcome in words, when and how long, and the data. */
export function AnswerView(props: { answer: Answer }) {
  const { answer } = props;
  const about = aboutInvoke(answer.outcome);
  const hasData = answer.data !== null && answer.data !== undefined;
  return (
    <section className={classes.answer} aria-label="Answer" data-outcome={answer.outcome}>
      <div className={classes.outcome} role="status">
        <Badge tone={about.tone}>{about.title}</Badge>
        <span>{about.text}</span>
      </div>
      {answer.detail && <Name of={answer.detail} wrap max={2000} />}
      <div className={`${classes.past} dim`}>
        {answer.sent_at && (
          <span>
            Sent <Time at={answer.sent_at} />
          </span>
        )}
        {answer.ms !== null && <span className="num">{millis(answer.ms)}</span>}
        {answer.operation && (
          <Link href={to.operation(answer.operation)}>
            <span className="mono">{answer.operation}</span>
          </Link>
        )}
      </div>
      {answer.outcome === "timeout" && (
        <div className="dim">A late answer is shown here when it comes.</div>
      )}
      {hasData ? (
        <JsonEditor readOnly label="Data of the answer" value={pretty(answer.data)} minLines={1} />
      ) : (
        ["ok", "error", "late"].includes(answer.outcome) && (
          <div className="dim">The answer has no data.</div>
        )
      )}
    </section>
  );
}
