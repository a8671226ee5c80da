import type { Connection } from "../../api/types";
import { bytes, count } from "../../common/format";
import { Name } from "../../common/name";
import type { Column } from "../../common/table";
import { Time } from "../../common/time";
import { ownColumns } from "./column_set";

/** A column of connections: what it needs of a row, and whether it is shown when nobody has chosen. */
export interface ConnectionColumn extends Column<Connection> {
  fields: string[];
  usual?: boolean;
}

/** What `GET /attributes` says of an attribute. */
export interface Attribute {
  name: string;
  kind: "text" | "number" | "time" | "labels" | "duration" | "address";
  sortable: boolean;
  derived: boolean;
  about: string;
}

const covered = new Set(["id", ...ownColumns.flatMap((each) => each.fields)]);

/** A column for an attribute that the server has and the table above does not know. */
function columnOf(attribute: Attribute): ConnectionColumn {
  const { name, kind } = attribute;
  const words = name.replaceAll("_", " ");
  const value = (row: Connection) => (row as unknown as Record<string, unknown>)[name];
  const size = name.startsWith("bytes") || name.endsWith("bytes");
  return {
    id: name,
    title: words[0]!.toUpperCase() + words.slice(1),
    width: kind === "number" ? "7rem" : kind === "time" ? "13.25rem" : "minmax(9rem, 1fr)",
    align: kind === "number" ? "end" : undefined,
    fields: [name],
    sort: attribute.sortable ? name : undefined,
    about: attribute.about,
    cell: (row) => {
      const it = value(row);
      if (kind === "time") return <Time at={it as string | null} />;
      if (typeof it === "number") return size ? bytes(it) : count(it);
      return <Name of={it === null || it === undefined ? "" : String(it)} max={200} />;
    },
  };
}

/** All columns that there are to choose from. */
export function allColumns(attributes: Attribute[] = []): ConnectionColumn[] {
  const more = attributes.filter((each) => !each.derived && !covered.has(each.name));
  return [...ownColumns, ...more.map(columnOf)];
}

/** The fields of rows that these columns need; always in the same order. */
export function fieldsOf(columns: ConnectionColumn[]): string {
  const all = new Set(columns.flatMap((each) => each.fields));
  return ["id", ...[...all].sort()].join(",");
}

const restless = new Set(["idle", "last_seen_at", "state", "rtt_ms", "dropped", "subscriptions"]);

/** Orders by what changes all the time: no row stays where it is, so no place can be kept. */
export function isRestless(field: string): boolean {
  return restless.has(field) || /^(messages|bytes|queue|invocations)/.test(field);
}
