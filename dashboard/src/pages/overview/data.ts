/** What `/overview` answers. */
export interface Overview {
  server_name: string;
  version: string;
  uptime: number;
  draining: boolean;
  channels: number;
  channels_active: number;
  connections: number;
  sessions: number;
  topics: number;
  subscriptions: number;
  resident_bytes: number;
  open_fds: number;
  max_fds: number;
  loop_load: number[];
  commit_ms: number | null;
  rates: Rates;
  counters: { messages_dropped: number; sessions_refused: number };
}

/** What happens, by the second. */
export interface Rates {
  messages_in: number;
  messages_out: number;
  bytes_in: number;
  bytes_out: number;
  connects: number;
  disconnects: number;
  publications: number;
  deliveries: number;
  invocations: number;
  errors: number;
  slow_consumers: number;
  commits: number;
}

/** How it was at one time of the last quarter of an hour. */
export interface HistoryPoint extends Rates {
  at: string;
  connections: number;
  sessions: number;
  commit_ms: number | null;
  resident_bytes: number;
  cpu: number;
  loop_load: number[];
}

export interface History {
  /** Seconds between two points. */
  interval: number;
  items: HistoryPoint[];
}

export interface Incident {
  id: string;
  at: string;
  level: "warning" | "error" | "critical";
  text: string;
}

/** As much as the history has. */
export const shownSeconds = 15 * 60;
/** A loop with more than this to do makes its clients wait. */
export const loopLimit = 0.8;
/** Of the file descriptors that the process may have. */
export const filesLimit = 0.8;

/** What the numbers count. */
export const about = {
  invocations: "How often the server has called a client",
  errors:
    "invocations that failed, sessions, handshakes and publications that were refused, failures of the store and of actors",
  slow_consumers: "messages that slow clients have lost, and slow clients that were closed",
  loops: "How much of its time an event loop has something to do",
  commits: "How long the store takes for a commit, on average",
};
