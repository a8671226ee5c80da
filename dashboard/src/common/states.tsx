import { Button, Loader } from "@mantine/core";
import type { ReactNode } from "react";

import { Problem, sentence } from "../api/problem";
import classes from "./states.module.css";

/** Something is on its way; says so only when it takes a while. */
export function Loading(props: { what?: string }) {
  return (
    <div className={`${classes.state} ${classes.late}`} role="status">
      <Loader size="sm" />
      <span className="dim">{props.what ?? "Loading"}</span>
    </div>
  );
}

/** There is nothing to show, why, and what one can do about it. */
export function Empty(props: { title: string; children?: ReactNode }) {
  return (
    <div className={classes.state}>
      <strong>{props.title}</strong>
      {props.children && <div className="dim">{props.children}</div>}
    </div>
  );
}

/** Something could not be had. */
export function Failed(props: { error: unknown; what?: string; retry?: () => void }) {
  const { error } = props;
  const gone = error instanceof Problem && error.status === 404;
  return (
    <div className={classes.state} role="alert">
      <strong className={gone ? undefined : "bad"}>
        {gone ? "It is not there" : (props.what ?? "This cannot be shown")}
      </strong>
      <div className="dim">{sentence(error)}</div>
      {props.retry && !gone && (
        <Button variant="default" onClick={props.retry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** An error beside what caused it, such as below a form. */
export function ErrorLine(props: { error: unknown }) {
  if (!props.error) return null;
  return (
    <div className={classes.line} role="alert">
      {sentence(props.error)}
    </div>
  );
}
