export type { History, HistoryPoint, Incident, Overview, Rates } from "../../api/types";

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
