import { useEffect, useState } from "react";

import { useNow } from "../../common/clock";

export interface Trail {
  /** Seconds since the epoch. */
  times: number[];
  values: number[];
}

const most = 300;

/** A value of each second since the page has been open, the last 300 of them. */
export function useTrail(value: number): Trail {
  const now = Math.round(useNow() / 1000);
  const [trail, setTrail] = useState<Trail>({ times: [now - 1], values: [value] });
  useEffect(() => {
    setTrail((old) => {
      if (old.times[old.times.length - 1] === now) return old;
      return {
        times: [...old.times, now].slice(-most),
        values: [...old.values, value].slice(-most),
      };
    });
    // one value a second
  }, [now]);
  return trail;
}
