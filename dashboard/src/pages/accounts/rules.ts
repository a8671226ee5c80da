import type { Role } from "../../api/session";

/** What each role may do, from the least to the most. */
export const roles: Array<{ role: Role; about: string }> = [
  { role: "viewer", about: "Sees everything but users and tokens, changes nothing." },
  {
    role: "operator",
    about: "Also closes and calls connections, publishes, subscribes, unsubscribes and clears.",
  },
  { role: "admin", about: "Also makes, edits and deletes channels, topics, users and tokens." },
];

const utf8 = new TextEncoder();

/** What is wrong with a name to sign in with; nothing when it is good. */
export function usernameFault(name: string): string | undefined {
  if (name === "") return "A user name is needed";
  if (name.length > 64) return "At most 64 characters";
  return /^[A-Za-z0-9._@-]+$/.test(name) ? undefined : "Only A-Z a-z 0-9 . _ @ -";
}

export function passwordFault(password: string): string | undefined {
  const size = utf8.encode(password).length;
  if (size < 8) return "At least 8 characters";
  return size > 1024 ? "At most 1024 bytes" : undefined;
}

export function tokenNameFault(name: string): string | undefined {
  if (name.trim() === "") return "A name is needed, such as what the token is for";
  if (name !== name.trim()) return "Without blanks at the beginning and the end";
  if (name.length > 64) return "At most 64 characters";
  return /^[ -~]+$/.test(name) ? undefined : "Only printable ASCII characters";
}
