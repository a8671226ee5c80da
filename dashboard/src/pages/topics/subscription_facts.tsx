import type { Subscription } from "../../api/types";
import { Facts } from "../../common/facts";
import { bytes, count, span } from "../../common/format";
import { Name } from "../../common/name";
import { Time } from "../../common/time";
import { Whereabouts } from "./subscription_columns";

/** All that is known of a subscription. */
export function SubscriptionFacts({ of }: { of: Subscription }) {
  return (
    <div style={{ display: "grid", gap: "1rem" }}>
      <Facts
        large
        of={[
          { label: "Waiting", value: count(of.depth), about: "Messages in its queue" },
          { label: "Size", value: bytes(of.depth_bytes), about: "Of the messages in its queue" },
          { label: "Oldest", value: span(of.oldest_age), about: "Of the messages in its queue" },
          {
            label: "Lag",
            value: count(of.lag),
            about: "So many messages of the topic are newer than the last one delivered",
          },
          {
            label: "Unacknowledged",
            value: count(of.unacked),
            about: "Delivered, and not acknowledged yet",
          },
          { label: "Delivered", value: count(of.delivered) },
          {
            label: "Dropped",
            value: <span className={of.dropped > 0 ? "warn" : undefined}>{count(of.dropped)}</span>,
            about: "Taken out of its queue without a delivery: expired, conflated or too many",
          },
        ]}
      />
      <Facts
        least="14rem"
        of={[
          { label: "Connection", value: <Whereabouts of={of} /> },
          { label: "Channel", value: <Name of={of.channel} /> },
          {
            label: "Acknowledged by",
            value: of.ack === "client" ? "the client" : "the socket (auto)",
          },
          { label: "Subscribed at", value: <Time at={of.subscribed_at} /> },
          { label: "Connected at", value: <Time at={of.connected_at} /> },
          { label: "Resumed at", value: <Time at={of.resumed_at} /> },
          { label: "Delivered up to", value: <>sequence {count(of.delivered_seq)}</> },
          { label: "Acknowledged up to", value: <>sequence {count(of.acked_seq)}</> },
          {
            label: "Subscription key",
            value: <Name of={of.sub_key} mono wrap max={400} />,
            wide: true,
          },
        ]}
      />
    </div>
  );
}
