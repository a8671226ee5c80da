/** A made-up connection. */
export interface MadeUp {
  id: string;
  client_id: string;
  connected_at: string;
  [attribute: string]: unknown;
}

export function madeUp(number: number, more: Partial<MadeUp> = {}): MadeUp {
  const at = new Date(Date.UTC(2026, 9, 1) + number * 1000).toISOString();
  return {
    id: `ws.${number.toString(16).padStart(24, "0")}`,
    channel: "open",
    client_id: `pos-${number}`,
    client_name: `Till ${number}`,
    username: null,
    labels: { site: "A" },
    remote_address: "192.0.2.7:5000",
    remote_fqdn: null,
    remote_fqdn_state: "none",
    forwarded_for: null,
    local_address: "192.0.2.1:8080",
    server_name: "made-up",
    server_pid: 17,
    connected_at: at,
    session_at: at,
    last_seen_at: at,
    user_agent: null,
    tls: null,
    rtt_ms: 0.4,
    state: "ready",
    messages_in: number,
    messages_out: number,
    bytes_in: number * 100,
    bytes_out: number * 100,
    queue_messages: 0,
    queue_bytes: 0,
    dropped: 0,
    invocations: 0,
    invocations_failed: 0,
    subscriptions: 0,
    ...more,
  };
}

/** Answers `GET /connections` of a made-up roll, newest first or as it is sorted by a text. */
export class Roll {
  private readonly rows: MadeUp[];

  constructor(rows: MadeUp[]) {
    this.rows = rows;
  }

  /** A newer connection than all. */
  add(row: MadeUp): void {
    this.rows.unshift(row);
  }

  answer = (url: URL): object => {
    const asked = url.searchParams;
    const needle = asked.get("client_id");
    const found = needle ? this.rows.filter((row) => row.client_id.includes(needle)) : this.rows;
    const rows = asked.get("sort")?.startsWith("-") === false ? [...found].reverse() : found;
    let offset = Number(asked.get("offset") ?? 0);
    for (const [id, at] of (asked.get("near") ?? "").split(",").map((each) => each.split("@"))) {
      const now = id ? rows.findIndex((row) => row.id === id) : -1;
      if (now < 0) continue;
      offset += now - Number(at);
      break;
    }
    offset = Math.max(0, Math.min(offset, rows.length));
    const items = rows.slice(offset, offset + Number(asked.get("limit") ?? 50));
    return {
      items,
      total: rows.length,
      offset,
      next_cursor: null,
      revision: 1,
      complete: true,
      missing: [],
    };
  };
}
