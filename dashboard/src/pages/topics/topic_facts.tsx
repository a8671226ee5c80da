import type { Topic } from "../../api/types";
import { Facts } from "../../common/facts";
import { bytes, count, plural, rate } from "../../common/format";
import { Panel } from "../../common/page";
import { Plot } from "../../common/plot";
import { Since } from "../../common/time";
import { useTrail } from "./use_trail";
import classes from "./topics.module.css";

/** What goes on in a topic, as it goes on. */
export function TopicFacts({ topic }: { topic: Topic }) {
  const trail = useTrail(topic.publish_rate);
  const { subscriptions, attached } = topic;
  return (
    <Panel>
      <div className={classes.overview}>
        <Facts
          large
          of={[
            { label: "Messages kept", value: count(topic.messages) },
            { label: "Size", value: bytes(topic.bytes) },
            { label: "Published", value: count(topic.publications), about: "Since the start" },
            { label: "Delivered", value: count(topic.deliveries), about: "Since the start" },
            {
              label: "Subscribed",
              value:
                attached === subscriptions ? (
                  count(attached)
                ) : (
                  <>
                    {count(attached)}{" "}
                    <small className="dim">of {plural(subscriptions, "subscription")}</small>
                  </>
                ),
              about: "Subscriptions that a connection has now, of all",
            },
            {
              label: "Waiting",
              value: count(topic.depth),
              about: "Deliveries that wait in the queues of all subscriptions",
            },
            { label: "Last sequence", value: count(topic.last_seq) },
            {
              label: "Last published",
              value: topic.last_published_at ? (
                <>
                  <Since at={topic.last_published_at} /> ago
                </>
              ) : (
                "never"
              ),
            },
          ]}
        />
        <div className={classes.trail}>
          <div className={classes.trailTop}>
            <span className="dim">Published a second</span>
            <span className={`num ${classes.rate}`}>{rate(topic.publish_rate)}</span>
          </div>
          <Plot
            label={`Messages published a second since this page was opened; now ${rate(topic.publish_rate)}`}
            times={trail.times}
            series={[{ label: "Published/s", values: trail.values }]}
            height={64}
            format={rate}
            bare
          />
        </div>
      </div>
    </Panel>
  );
}
