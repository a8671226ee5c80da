import type { ReactNode } from "react";

import classes from "./side_panel.module.css";

/** A frame whose content reaches its edges. */
export function SidePanel(props: {
  title: string;
  about?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={classes.panel} aria-label={props.title}>
      <header className={classes.top}>
        <h2 className={classes.title}>{props.title}</h2>
        {props.about && <span className="dim num">{props.about}</span>}
        <span className={classes.actions}>{props.actions}</span>
      </header>
      <div className={classes.body}>{props.children}</div>
    </section>
  );
}
