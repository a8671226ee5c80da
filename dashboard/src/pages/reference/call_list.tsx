import { useRef, type KeyboardEvent } from "react";
import { Link } from "wouter";

import { MethodMark } from "./method_mark";
import type { Call } from "./spec";
import classes from "./reference.module.css";

/** All calls by their resources, and all schemas. Arrows go from one to the next. */
export function CallList(props: {
  calls: Call[];
  schemas: string[];
  /** The `href` of what is shown. */
  here: string;
  /** What else the address has, to be kept: the search. */
  hrefOf: (kind: "call" | "schema", name: string) => string;
}) {
  const { calls, schemas, here, hrefOf } = props;
  const root = useRef<HTMLElement>(null);
  const groups = [...new Set(calls.map((each) => each.group))];

  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const by = moves[event.key];
    if (by === undefined) return;
    const links = [...(root.current?.querySelectorAll<HTMLElement>("a") ?? [])];
    const at = links.indexOf(event.target as HTMLElement);
    const next = links[at + by];
    if (at < 0 || !next) return;
    event.preventDefault();
    next.focus();
  };

  return (
    <nav ref={root} aria-label="Calls" className={classes.list} onKeyDown={onKeyDown}>
      {groups.map((group) => (
        <section key={group} aria-label={group}>
          <h2 className={classes.group}>{group}</h2>
          <ul>
            {calls
              .filter((each) => each.group === group)
              .map((call) => {
                const href = hrefOf("call", call.id);
                return (
                  <li key={call.id}>
                    <Link
                      href={href}
                      className={classes.entry}
                      aria-current={here === call.id ? "page" : undefined}
                      title={call.summary}
                    >
                      <MethodMark method={call.method} />
                      <span className={`mono ${classes.entryPath}`}>
                        {call.path.replace("/api/v1", "")}
                      </span>
                    </Link>
                  </li>
                );
              })}
          </ul>
        </section>
      ))}
      {schemas.length > 0 && (
        <section aria-label="Schemas">
          <h2 className={classes.group}>Schemas</h2>
          <ul>
            {schemas.map((name) => (
              <li key={name}>
                <Link
                  href={hrefOf("schema", name)}
                  className={classes.entry}
                  aria-current={here === `schema ${name}` ? "page" : undefined}
                >
                  <span className={`mono ${classes.entryPath}`}>{name}</span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
    </nav>
  );
}
