export interface CloseCode {
  code: number;
  /** What it says. */
  means: string;
  /** What a client should do then; see docs/protocol.md. */
  client: string;
}

/** The codes that an operator has a use for. */
export const closeCodes: CloseCode[] = [
  { code: 4005, means: "Disconnected by an administrator", client: "does as the reason says" },
  { code: 1000, means: "Normal end", client: "does nothing more" },
  {
    code: 1001,
    means: "The server moves clients away",
    client: "connects again, as the advice says",
  },
  { code: 4008, means: "It reads too slowly", client: "connects again and resumes" },
  { code: 4009, means: "Over a rate or another limit", client: "backs off before it comes again" },
  {
    code: 4401,
    means: "Not authorised",
    client: "does not try again with the same credentials",
  },
  { code: 4403, means: "Session or credentials expired or revoked", client: "signs in again" },
  { code: 4404, means: "The channel is deactivated or deleted", client: "does not try again" },
  { code: 4409, means: "Replaced by a newer connection", client: "does not try again" },
];

/** The code that the text is, or what is wrong with it. */
export function readCode(text: string): { code: number } | { fault: string } {
  const digits = text.trim();
  const code = /^\d+$/.test(digits) ? Number(digits) : NaN;
  if (code === 1000 || code === 1001 || (code >= 4000 && code <= 4999)) return { code };
  return { fault: "1000, 1001, or a number from 4000 to 4999" };
}

/** What the client is told by the code. */
export function aboutCode(code: number): string {
  const known = closeCodes.find((each) => each.code === code);
  return known
    ? `${known.means}: the client ${known.client}`
    : "A code of your own: the client has to know what it means";
}
