const invisible =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** One character that cannot be seen, as one that can. */
function stand(letter: string): string {
  const code = letter.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  return `\u27e8U+${code.toString(16).toUpperCase().padStart(4, "0")}\u27e9`;
}

/**
 * A text of a client's making so that all of it can be seen and none of it does anything: control
 * characters, invisible ones and those that turn the direction are shown as what they are. At most
 * `max` characters.
 */
export function visible(text: string, max = 300): string {
  const cut = text.length > max ? text.slice(0, max).replace(/[\ud800-\udbff]$/, "") : text;
  return cut.replace(invisible, stand) + (text.length > max ? "\u2026" : "");
}
