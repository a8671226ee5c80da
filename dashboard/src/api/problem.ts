/** An error of the admin endpoint (`application/problem+json`), or that nobody answered. */
export class Problem extends Error {
  /** 0: the server cannot be reached. */
  readonly status: number;
  /** Stable; `unreachable` when nobody answered. */
  readonly code: string;
  /** The field of the request that is at fault, where one is. */
  readonly field?: string;
  /** 1-based, in a selector. */
  readonly column?: number;

  constructor(what: {
    status: number;
    code: string;
    detail: string;
    field?: string;
    column?: number;
  }) {
    super(what.detail);
    this.name = "Problem";
    this.status = what.status;
    this.code = what.code;
    this.field = what.field;
    this.column = what.column;
  }
}

/** The problem that an answer's body describes. */
export function problemOf(status: number, body: unknown): Problem {
  const said = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const text = (value: unknown) => (typeof value === "string" && value ? value : undefined);
  return new Problem({
    status,
    code: text(said.code) ?? "unknown",
    detail: text(said.detail) ?? text(said.title) ?? `The server answered ${status}`,
    field: text(said.field),
    column: typeof said.column === "number" ? said.column : undefined,
  });
}

export function unreachable(): Problem {
  return new Problem({ status: 0, code: "unreachable", detail: "The server cannot be reached" });
}

/** What went wrong, in one sentence for people. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
