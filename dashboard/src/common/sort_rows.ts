import type { Sorting } from "./table";

const texts = new Intl.Collator("en", { numeric: true });

/**
 * The rows in the order of one of their fields, for lists that are wholly at hand. Rows that are
 * alike in it keep the order that they came in; what is null comes last.
 */
export function sortRows<Row extends object>(rows: Row[], { field, descending }: Sorting): Row[] {
  const turn = descending ? -1 : 1;
  return [...rows].sort((left, right) => {
    const a = (left as Record<string, unknown>)[field] ?? null;
    const b = (right as Record<string, unknown>)[field] ?? null;
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    if (typeof a === "string" && typeof b === "string") return turn * texts.compare(a, b);
    return turn * (Number(a) - Number(b)) || 0;
  });
}
