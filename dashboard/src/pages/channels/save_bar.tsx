import { Button } from "@mantine/core";
import type { ReactNode } from "react";

import classes from "./channels.module.css";

/** What stands at the foot of a form and stays in view: what saving does, and the buttons. */
export function SaveBar(props: {
  verb: string;
  hurts?: boolean;
  busy: boolean;
  ready: boolean;
  onCancel: () => void;
  children: ReactNode;
}) {
  return (
    <div className={classes.saveBar}>
      <div className={classes.impact} aria-live="polite">
        {props.children}
      </div>
      <div className={classes.saveButtons}>
        <Button variant="default" onClick={props.onCancel} disabled={props.busy}>
          Cancel
        </Button>
        <Button
          type="submit"
          color={props.hurts ? "red" : undefined}
          loading={props.busy}
          disabled={!props.ready}
        >
          {props.verb}
        </Button>
      </div>
    </div>
  );
}
