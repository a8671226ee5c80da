/** What the stream `/live` says of one watched call; see docs/admin-api.md. */
export interface Delta {
  watch: number;
  /** Top-level members that have changed, without `items`. */
  set?: Record<string, unknown>;
  /** Top-level members that are no longer there. */
  unset?: string[];
  /** Of each row that has changed the members that did; all of a new one. */
  rows?: Record<string, Record<string, unknown>>;
  /** The ids of all rows in order, when the list of them has changed. */
  order?: string[];
}

type Row = Record<string, unknown>;

const identities = ["id", "sub_key", "msg_id", "username", "name", "at"];

/** What tells a row from the others of its list. */
export function rowId(row: Row): string | undefined {
  for (const name of identities)
    if (typeof row[name] === "string" || typeof row[name] === "number") return String(row[name]);
  return undefined;
}

/** The value after the delta. Rows that did not change stay the same objects. */
export function applyDelta<T>(before: T, delta: Delta): T {
  const after = { ...(before as Row), ...delta.set } as Row;
  for (const name of delta.unset ?? []) delete after[name];
  if (!delta.rows && !delta.order) return after as T;
  const old = ((before as Row).items ?? []) as Row[];
  const byId = new Map<string, Row>();
  for (const row of old) byId.set(rowId(row) ?? "", row);
  for (const [id, changes] of Object.entries(delta.rows ?? {}))
    byId.set(id, { ...byId.get(id), ...changes });
  const order = delta.order ?? old.map((row) => rowId(row) ?? "");
  after.items = order.map((id) => byId.get(id)).filter((row) => row !== undefined);
  return after as T;
}
