import { useEffect, useState } from "react";

import { retryLive, useLiveState } from "../api/live";
import classes from "./banner.module.css";

/** A server that comes back within this time is not worth a word. */
const patience = 1500;

/** Says quietly that what is shown is not of now; goes by itself. */
export function Banner() {
  const away = useLiveState() === "away";
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!away) {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), patience);
    return () => clearTimeout(timer);
  }, [away]);
  return (
    <div role="status" aria-live="polite">
      {shown && (
        <div className={classes.banner}>
          The server cannot be reached. What is shown was true when it was last seen.
          <button type="button" className={classes.again} onClick={retryLive}>
            Try now
          </button>
        </div>
      )}
    </div>
  );
}
