import { useCallback, useRef, useState } from "react";

import { offerAt, type Offer, type Vocabulary } from "./selector_completion";

export interface Completion extends Offer {
  /** The text that it is for; for another one it is out of date. */
  text: string;
  /** The option that Enter takes; -1: none. */
  active: number;
}

/** What is offered at the caret of a selector. */
export function useCompletion(value: string, words: Vocabulary) {
  const [shown, setShown] = useState<Completion>();
  // Only the answer to what was asked last is shown.
  const turn = useRef(0);

  const close = useCallback(() => {
    turn.current += 1;
    setShown(undefined);
  }, []);

  const ask = useCallback(
    async (text: string, cursor: number, asked: boolean) => {
      const mine = (turn.current += 1);
      const offer = await offerAt(text, cursor, asked, words);
      if (mine !== turn.current) return;
      setShown(offer && { ...offer, text, active: offer.complete ? -1 : 0 });
    },
    [words],
  );

  /** Goes `by` options down, from the last to the first. */
  const move = useCallback((by: number) => {
    setShown((old) => {
      if (!old) return old;
      const size = old.options.length;
      const from = old.active < 0 && by < 0 ? 0 : old.active;
      return { ...old, active: (from + by + size) % size };
    });
  }, []);

  return { offer: shown?.text === value ? shown : undefined, ask, move, close };
}
