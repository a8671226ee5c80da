import type { Operation, Outcome } from "../../api/types";

/** How many of each outcome there are, the most first. */
export function countOutcomes(outcomes: Outcome[]): Array<{ outcome: string; count: number }> {
  const counts = new Map<string, number>();
  for (const each of outcomes) counts.set(each.outcome, (counts.get(each.outcome) ?? 0) + 1);
  return [...counts]
    .map(([outcome, count]) => ({ outcome, count }))
    .sort((a, b) => b.count - a.count || a.outcome.localeCompare(b.outcome));
}

const verbs: Record<string, string> = {
  invoke: "Invoke",
  close: "Disconnect",
  broadcast: "Broadcast",
};

/** What it does, in a word. */
export function verbOf(operation: Operation): string {
  return verbs[operation.verb] ?? operation.verb;
}

/** How far it is, 0 to 100; one that had nothing to do is done. */
export function percentDone(operation: Operation): number {
  if (operation.dry_run || operation.matched === 0) return 100;
  return Math.min(100, (100 * operation.finished) / operation.matched);
}
