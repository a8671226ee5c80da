/** How something ended, in words. */
export interface Meaning {
  title: string;
  text: string;
  /** The colour, where it means something. */
  tone?: "good" | "warn" | "bad";
}

const invokes: Record<string, Meaning> = {
  ok: { title: "Answered", text: "The client has answered.", tone: "good" },
  error: {
    title: "Error",
    text: "The client has answered that it failed.",
    tone: "bad",
  },
  timeout: {
    title: "Timed out",
    text: "The client has the request and did not answer in time. An answer may still come.",
    tone: "warn",
  },
  late: {
    title: "Late answer",
    text: "The client has answered after the timeout.",
    tone: "warn",
  },
  closed: {
    title: "Connection ended",
    text: "The connection went away before the client had answered. It may have got the request.",
    tone: "bad",
  },
  refused: {
    title: "Refused",
    text: "The server did not send it: the client has not got the request.",
    tone: "bad",
  },
  cancelled: {
    title: "Cancelled",
    text: "Nobody waits for the answer any more. The client may have got the request.",
  },
};

const closes: Record<string, Meaning> = {
  echoed: {
    title: "Closed",
    text: "The client has answered the Close: a proper end.",
    tone: "good",
  },
  no_echo: {
    title: "Closed, no answer",
    text: "The Close was sent and the client did not answer it in time, so the server ended the connection.",
    tone: "warn",
  },
  reset: {
    title: "Broken off",
    text: "The connection broke before the client had answered the Close.",
    tone: "warn",
  },
  gone: {
    title: "Gone already",
    text: "The connection had ended before a Close could be sent.",
  },
};

const broadcasts: Record<string, Meaning> = {
  sent: { title: "Sent", text: "It was handed to the client's connection.", tone: "good" },
  refused: { title: "Refused", text: "It was not sent to this client.", tone: "bad" },
  cancelled: { title: "Cancelled", text: "The operation was cancelled before its turn." },
};

const dryRun: Meaning = { title: "Matched", text: "It would be hit; nothing was done to it." };

/** What the outcome of a call says. */
export function aboutInvoke(outcome: string): Meaning {
  return invokes[outcome] ?? { title: outcome, text: "" };
}

/** What the outcome of a Close says. */
export function aboutClose(outcome: string): Meaning {
  return closes[outcome] ?? { title: outcome, text: "" };
}

/** What an outcome says for one connection of an operation. */
export function aboutOutcome(verb: string, outcome: string): Meaning {
  if (outcome === "matched") return dryRun;
  const words = { invoke: invokes, close: closes, broadcast: broadcasts }[verb] ?? {};
  return words[outcome] ?? broadcasts[outcome] ?? { title: outcome, text: "" };
}
