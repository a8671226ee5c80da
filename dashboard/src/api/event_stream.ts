export interface StreamEvent {
  event: string;
  data: string;
}

/**
 * Takes server-sent events apart (WHATWG HTML, 9.2.6): text goes in as it comes, whole events come
 * out. Comments and ids are skipped.
 */
export class EventReader {
  private rest = "";
  private event = "";
  private data: string[] = [];

  take(text: string): StreamEvent[] {
    const out: StreamEvent[] = [];
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") this.finish(out);
      else this.field(line);
    }
    return out;
  }

  private field(line: string): void {
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "event") this.event = value;
    else if (name === "data") this.data.push(value);
  }

  private finish(out: StreamEvent[]): void {
    if (this.data.length > 0)
      out.push({ event: this.event || "message", data: this.data.join("\n") });
    this.event = "";
    this.data = [];
  }
}
