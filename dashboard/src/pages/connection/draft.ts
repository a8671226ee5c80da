import { onSession, session } from "../../api/session";

/** What stands in the editor, as it was left. */
export interface Draft {
  data: string;
  timeout: number | string;
}

/**
 * Kept by channel while the dashboard is open: whoever goes on to the client's next connection finds
 * it there.
 */
const drafts = new Map<string, Draft>();
const mostDrafts = 16;

onSession(() => {
  if (session().phase === "out") drafts.clear();
});

export function draftOf(channel: string): Draft {
  return drafts.get(channel) ?? { data: "", timeout: 5 };
}

export function keepDraft(channel: string, draft: Draft): void {
  drafts.delete(channel);
  drafts.set(channel, draft);
  const oldest = drafts.keys().next();
  if (drafts.size > mostDrafts && !oldest.done) drafts.delete(oldest.value);
}
