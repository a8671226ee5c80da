import { plural } from "../../common/format";
import { readCode } from "./close_codes";
import {
  byteCount,
  closeReason,
  reasonRoom,
  retryFault,
  urlFault,
  type Advice,
} from "../../common/close_reason";

/** No word about it, come back after a while, or never. */
export type Return = "nothing" | "again" | "never";

/** What was typed into the form. */
export interface Wish {
  code: string;
  reason: string;
  come: Return;
  least: number | string;
  most: number | string;
  to: string;
}

export const firstWish: Wish = {
  code: "4005",
  reason: "",
  come: "nothing",
  least: 1,
  most: 30,
  to: "",
};

/** The order as the endpoint takes it; `text` is the Close reason that the client gets. */
export interface Order {
  text: string;
  body: { code: number; reason?: string } & Advice;
}

export type Faults = Partial<Record<keyof Wish, string>>;

function adviceOf({ come, least, most, to }: Wish): Advice {
  if (come === "never") return { retry: null };
  const address = to.trim() || undefined;
  if (come === "nothing") return { to: address };
  return { retry: [Number(least), Number(most)], to: address };
}

/** How many bytes of the Close reason are left. */
export function bytesLeft(wish: Wish): number {
  return reasonRoom - byteCount(closeReason(wish.reason, adviceOf(wish)));
}

/** The order, or by field what is wrong. */
export function readWish(wish: Wish): { order?: Order; faults: Faults } {
  const faults: Faults = {};
  const code = readCode(wish.code);
  if ("fault" in code) faults.code = code.fault;
  if (wish.come === "again") {
    const span = retryFault(wish.least, wish.most);
    if (span) faults.least = span;
  }
  const advice = adviceOf(wish);
  const address = urlFault(advice.to ?? "");
  if (address) faults.to = address;
  const left = bytesLeft(wish);
  if (left < 0) faults.reason = `${plural(-left, "byte")} too many for a Close`;
  if ("fault" in code || Object.keys(faults).length > 0) return { faults };
  return {
    faults,
    order: {
      text: closeReason(wish.reason, advice),
      body: { code: code.code, reason: wish.reason || undefined, ...advice },
    },
  };
}
