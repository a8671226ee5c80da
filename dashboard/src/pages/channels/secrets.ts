import { unread, Unread } from "../../common/fields";

/** Who may open a session: a user with a secret, or a named key. */
export interface Secret {
  name: string;
  /** Undefined: the server's stays. The server never tells it. */
  secret?: string;
  /** It is not on the server yet: its name can be typed. */
  isNew?: boolean;
}

/** How the members are called in the two lists. */
const members: Record<string, { name: string; secret: string }> = {
  credentials: { name: "username", secret: "secret" },
  keys: { name: "name", secret: "key" },
};

/** The entries of a list of the endpoint. */
export function secretsOf(list: string, value: unknown): Secret[] {
  const { name, secret } = members[list] ?? { name: "name", secret: "secret" };
  if (!Array.isArray(value)) return [];
  return (value as Array<Record<string, string | undefined>>).map((each) => {
    const entry: Secret = { name: each[name] ?? "" };
    return each[secret] === undefined ? entry : { ...entry, secret: each[secret] };
  });
}

/** What is wrong with the entries, in one sentence. */
export function secretsFault(entries: Secret[], noun: string): string | undefined {
  const seen = new Set<string>();
  for (const { name, secret, isNew } of entries) {
    if (name === "") return `Each ${noun} needs a name`;
    if (seen.has(name)) return `There are two of the name ${name}`;
    seen.add(name);
    if (secret === "" || (isNew && secret === undefined)) return `${name} needs a secret`;
  }
  return undefined;
}

/** What the endpoint gets: the whole list; an entry without its secret keeps it. */
export function toList(list: string, entries: Secret[], noun: string): unknown {
  const fault = secretsFault(entries, noun);
  if (fault) return unread(JSON.stringify(entries), fault);
  const names = members[list] ?? { name: "name", secret: "secret" };
  return entries.map(({ name, secret }) =>
    secret === undefined ? { [names.name]: name } : { [names.name]: name, [names.secret]: secret },
  );
}

/** The entries that are edited, as they were left. */
export function entriesOf(list: string, value: unknown, known: ReadonlySet<string>): Secret[] {
  if (value instanceof Unread) return JSON.parse(value.text) as Secret[];
  return secretsOf(list, value).map((each) =>
    known.has(each.name) ? each : { ...each, isNew: true },
  );
}
