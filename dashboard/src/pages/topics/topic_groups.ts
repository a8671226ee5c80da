import type { FieldGroup } from "../../common/field_form";

/** How the form of a topic is parted. */
export const topicGroups: FieldGroup[] = [
  { title: "Topic", names: ["name", "is_active", "durable", "conflate", "on_no_subscribers"] },
  { title: "What is kept", names: ["retention_count", "retention_bytes", "retention_age"] },
  {
    title: "Limits",
    names: [
      "max_message_bytes",
      "max_depth",
      "limit_message_expiry",
      "limit_sub_inactivity",
      "ack_timeout",
    ],
  },
];
