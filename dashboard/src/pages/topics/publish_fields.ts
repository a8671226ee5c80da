import type { Field } from "../../common/fields";
import { span } from "../../common/format";

function field(name: string, title: string, about: string, more: Partial<Field> = {}): Field {
  return { name, title, kind: "text", about, default: "", choices: [], editable: true, ...more };
}

/** What a publisher may say of a message. `expiry`: how long the topic lets one live, in seconds. */
export function publishFields(expiry: number): Field[] {
  return [
    field("priority", "Priority", "1 to 9; higher ones are delivered first.", {
      kind: "count",
      default: 5,
    }),
    field("expiration", "Expiration", `How long it lives: at most ${span(expiry)}.`, {
      kind: "seconds",
      default: null,
      none: "as the topic says",
    }),
    field("key", "Key", "Of messages with the same key only the newest waits."),
    field("mime_type", "MIME type", "What the data is; application/json when it is left out."),
    field("correl_id", "Correlation ID", "What it belongs to."),
    field("in_reply_to", "In reply to", "The message that it answers."),
    field("ext_client_id", "External client ID", "Whom it comes from, in your words."),
    field("ext_pub_time", "External time", "When it was published, in your words."),
    field("msg_id", "Message ID", "The same one again is the same message; else one is made."),
  ];
}
