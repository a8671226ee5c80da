import { useEffect, type ReactNode } from "react";

import classes from "./page.module.css";

/** The frame of a page: its title, what can be done, its content. */
export function Page(props: {
  title: string;
  /** Instead of `title` on the page; the browser's tab shows `title`. */
  heading?: ReactNode;
  about?: ReactNode;
  actions?: ReactNode;
  /** The content fills the window and scrolls by itself. */
  fill?: boolean;
  /** The content makes use of a window of any width. */
  wide?: boolean;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${props.title} \u00b7 Muster`;
  }, [props.title]);
  return (
    <div
      className={`${classes.page} ${props.fill ? classes.fill : ""} ${props.wide ? classes.wide : ""}`}
    >
      <header className={classes.top}>
        <div className={classes.names}>
          <h1 className={classes.title}>{props.heading ?? props.title}</h1>
          {props.about && <div className="dim">{props.about}</div>}
        </div>
        {props.actions && <div className={classes.actions}>{props.actions}</div>}
      </header>
      {props.children}
    </div>
  );
}

/** A part of a page with a frame around it. */
export function Panel(props: {
  title?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** The content reaches the frame, such as a table. */
  flush?: boolean;
}) {
  return (
    <section className={classes.panel}>
      {(props.title || props.actions) && (
        <header className={classes.panelTop}>
          <h2 className={classes.panelTitle}>{props.title}</h2>
          <div className={classes.actions}>{props.actions}</div>
        </header>
      )}
      <div className={props.flush ? classes.flush : classes.content}>{props.children}</div>
    </section>
  );
}
