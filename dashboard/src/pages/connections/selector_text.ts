/** A text as a value of a selector: only `"` and `\` mean something in it. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/**
 * The condition that a client id contains `text`. A glob has no way to write a star or a question
 * mark that is meant as such, so those become a regular expression, where everything else that
 * means something has to be escaped.
 */
export function containsCondition(field: string, text: string): string {
  if (!/[*?]/.test(text)) return `${field} ~ ${quoted(`*${text}*`)}`;
  return `${field} =~ ${quoted(text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"))}`;
}

/** The key of a label as a field: quoted where it has other than the letters of a bare word. */
export function labelField(key: string): string {
  return /^[A-Za-z0-9_.:/+-]+$/.test(key) ? `label.${key}` : `label.${quoted(key)}`;
}

export interface Filter {
  channel: string;
  client_id: string;
  selector: string;
}

/** All of the filter as one selector, such as a verb for many takes; empty: everybody. */
export function selectorOf(filter: Filter): string {
  const parts: string[] = [];
  if (filter.channel) parts.push(`channel == ${quoted(filter.channel)}`);
  if (filter.client_id) parts.push(containsCondition("client_id", filter.client_id));
  const rest = filter.selector.trim();
  if (rest) parts.push(parts.length > 0 ? `(${rest})` : rest);
  return parts.join(" and ");
}

/** Where the character with the 1-based number `column` begins: the server counts code points. */
export function offsetOfColumn(text: string, column: number): number {
  let at = 0;
  for (let left = column - 1; left > 0 && at < text.length; left -= 1)
    at += text.codePointAt(at)! > 0xffff ? 2 : 1;
  return at;
}
