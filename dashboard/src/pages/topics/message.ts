import type { TopicMessage } from "../../api/types";

/** A message as lists have it: of long data only the beginning. */
export type ListedMessage = TopicMessage & {
  /** The first characters of the data's JSON, when it was cut. */
  data_begin?: string | null;
};

/** Characters that cannot be seen or turn the direction of text; line ends stay. */
const invisible =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/**
 * JSON to look at: nothing in it does anything to the page, and it still says the same. What
 * cannot be seen stands there as an escape.
 */
export function safeJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2) ?? "null";
  return text.replace(
    invisible,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The beginning of the data, in a line. */
export function preview(message: ListedMessage, most = 300): string {
  if (typeof message.data_begin === "string") return `${message.data_begin.slice(0, most)}\u2026`;
  const { data } = message;
  // A long text need not be quoted as a whole to see its beginning.
  const short = typeof data === "string" ? data.slice(0, most) : data;
  const text = typeof short === "string" ? short : (JSON.stringify(short) ?? "null");
  const cut = text.length > most || (typeof data === "string" && data.length > most);
  return cut ? `${text.slice(0, most)}\u2026` : text;
}
