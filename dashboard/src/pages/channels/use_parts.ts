import { useEffect, useState } from "react";

import { same } from "../../common/fields";

/**
 * A value that is typed in several parts. The parts are the person's as long as they say the value;
 * one from elsewhere (put back, reset) becomes the parts.
 */
export function useParts<Parts>(
  value: unknown,
  partsOf: (value: unknown) => Parts,
  valueOf: (parts: Parts) => unknown,
  onChange: (value: unknown) => void,
): [Parts, (next: Parts) => void] {
  const [parts, setParts] = useState(() => partsOf(value));
  useEffect(() => {
    setParts((old) => (same(valueOf(old), value) ? old : partsOf(value)));
    // only another value makes other parts
  }, [value]);
  return [
    parts,
    (next) => {
      setParts(next);
      onChange(valueOf(next));
    },
  ];
}
