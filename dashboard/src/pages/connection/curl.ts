/** A text as one word of a POSIX shell, whatever is in it. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * The call as a command line. The token comes from the environment: it is not in the history of the
 * shell, nor on the clipboard.
 */
export function asCurl(method: string, url: string, body: string): string {
  return [
    `curl -sS -X ${method} ${shellWord(url)}`,
    `-H "Authorization: Bearer $MUSTER_TOKEN"`,
    `-H 'Content-Type: application/json'`,
    `-d ${shellWord(body)}`,
  ].join(" \\\n  ");
}

/** The body of a call of a client; `data` is JSON and stays as it was typed. */
export function invokeBody(data: string, timeout: number): string {
  return `{"data":${data.trim() || "null"},"timeout":${timeout}}`;
}
