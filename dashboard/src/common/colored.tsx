import type { ReactNode } from "react";

import classes from "./colored.module.css";

export interface Stretch {
  from: number;
  to: number;
}

/** A part of a text and what it is for the eye. */
export interface Part extends Stretch {
  role: "name" | "keyword" | "text" | "number" | "operator" | "other";
}

/**
 * A text with its parts in their colours and what is wrong underlined. The parts stand in order and
 * do not overlap. No letter becomes wider by it: an input may lie over it.
 */
export function colored(text: string, parts: Part[], fault?: Stretch): ReactNode[] {
  const out: ReactNode[] = [];
  let at = 0;
  const put = (to: number, role?: Part["role"]) => {
    while (at < to) {
      const wrong = fault !== undefined && fault.from <= at && at < fault.to;
      const edge = wrong ? fault.to : fault && at < fault.from ? fault.from : to;
      const end = Math.min(to, edge);
      const piece = text.slice(at, end);
      const names = [role && classes[role], wrong && classes.fault].filter(Boolean).join(" ");
      out.push(
        names ? (
          <span key={at} className={names} data-fault={wrong || undefined}>
            {piece}
          </span>
        ) : (
          piece
        ),
      );
      at = end;
    }
  };
  for (const part of parts) {
    put(part.from);
    put(part.to, part.role);
  }
  put(text.length);
  return out;
}
