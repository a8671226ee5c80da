/** The most bytes that a Close reason has (RFC 6455, section 5.5). */
export const reasonRoom = 123;

/** When and where a client that is closed should come back. */
export interface Advice {
  /** Undefined: no word about it; null: never. */
  retry?: [number, number] | null;
  to?: string;
}

/** A number in the fewest letters, as the server writes it: 100000 is 1e+05. */
export function shortest(value: number): string {
  const fixed = String(value);
  const [digits = "", power = "0"] = value.toExponential().split("e");
  const size = power.replace(/^[+-]/, "").padStart(2, "0");
  const scientific = `${digits}e${power.startsWith("-") ? "-" : "+"}${size}`;
  return fixed.length <= scientific.length ? fixed : scientific;
}

/** The Close reason as the client gets it: text, or with advice JSON. */
export function closeReason(why: string, advice: Advice): string {
  const { retry, to } = advice;
  if (retry === undefined && !to) return why;
  const parts: string[] = [];
  if (retry === null) parts.push('"retry":null');
  else if (retry) parts.push(`"retry":[${retry.map(shortest).join(",")}]`);
  if (to) parts.push(`"to":${JSON.stringify(to)}`);
  if (why) parts.push(`"why":${JSON.stringify(why)}`);
  return `{${parts.join(",")}}`;
}

const encoder = new TextEncoder();

export function byteCount(text: string): number {
  return encoder.encode(text).length;
}

/** Nothing when the address is one for WebSockets or the web, or empty. */
export function urlFault(text: string): string | undefined {
  if (text === "" || /^(wss?|https?):\/\/./.test(text)) return undefined;
  return "An address that begins with wss://, ws://, https:// or http://";
}

/** Nothing when the two are seconds in order. */
export function retryFault(least: number | string, most: number | string): string | undefined {
  if (typeof least !== "number" || typeof most !== "number") return "Both are needed, in seconds";
  if (least < 0 || most < 0) return "Not less than 0 seconds";
  return most < least ? "The most is less than the least" : undefined;
}
