/**
 * The window of rows that the page has of a list that may be a hundred thousand long. Rows are known
 * by their id; where they stand (their index) changes while others come and go.
 */
export interface Window<Row extends { id: string }> {
  /** The index of the first. */
  offset: number;
  items: Row[];
  total: number;
}

export interface View {
  /** The indexes of the first and the last row that can be seen. */
  first: number;
  last: number;
}

export const fewestRows = 60;
export const mostRows = 240;
const mostAnchors = 8;

/** The window to ask for when `view` can be seen: as much again above and below. */
export function windowAround(view: View): { offset: number; limit: number } {
  const size = view.last - view.first + 1;
  const limit = Math.min(mostRows, Math.max(fewestRows, size * 2));
  const offset = Math.max(0, Math.floor((view.first + view.last + 1 - limit) / 2));
  return { offset, limit };
}

/** Whether all that can be seen is in the window. */
export function covers(window: Window<{ id: string }>, view: View): boolean {
  const last = Math.min(view.last, window.total - 1);
  return (
    last < view.first || (window.offset <= view.first && window.offset + window.items.length > last)
  );
}

export function rowAt<Row extends { id: string }>(
  window: Window<Row> | undefined,
  index: number,
): Row | undefined {
  return window?.items[index - window.offset];
}

/**
 * What `near` says: rows and where they stand, that under the eye first, then others that can be
 * seen, should that one go.
 */
export function anchorsOf(window: Window<{ id: string }>, view: View): Array<[string, number]> {
  const out: Array<[string, number]> = [];
  const step = Math.max(1, Math.floor((view.last - view.first + 1) / mostAnchors));
  for (let index = view.first; index <= view.last && out.length < mostAnchors; index += step) {
    const row = rowAt(window, index);
    if (row) out.push([row.id, index]);
  }
  return out;
}

/**
 * By how many rows that under the eye has moved from one window to the next: the first that can be
 * seen in both says it. 0 when there is none.
 */
export function movedBy(
  before: Window<{ id: string }>,
  after: Window<{ id: string }>,
  view: View,
): number {
  const places = new Map(after.items.map((row, index) => [row.id, after.offset + index]));
  const moved = (index: number): number | undefined => {
    const row = rowAt(before, index);
    const now = row && places.get(row.id);
    return now === undefined ? undefined : now - index;
  };
  for (let index = view.first; index <= view.last; index += 1) {
    const by = moved(index);
    if (by !== undefined) return by;
  }
  return 0;
}

/**
 * The rows that have come into the list between two windows of the same place: known rows, or the
 * end of the list, stand on both sides of them. Others have only moved into the window.
 */
export function added(before: Window<{ id: string }>, after: Window<{ id: string }>): string[] {
  const known = new Set(before.items.map((row) => row.id));
  const out: string[] = [];
  let run: string[] = [];
  let open = after.offset === 0 && before.offset === 0;
  for (const { id } of after.items) {
    if (known.has(id)) {
      if (open) out.push(...run);
      run = [];
      open = true;
    } else run.push(id);
  }
  const sawEnd = before.offset + before.items.length >= before.total;
  const seesEnd = after.offset + after.items.length >= after.total;
  if (open && sawEnd && seesEnd) out.push(...run);
  return out;
}
