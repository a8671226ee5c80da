import { Link } from "wouter";

import { Panel } from "../../common/page";
import { Members, membersOf } from "./members";
import { MethodMark } from "./method_mark";
import { bodyOf, refOf, type Call, type Schema } from "./spec";
import classes from "./reference.module.css";

/** What something looks like, and which calls answer with it. */
export function SchemaView(props: { name: string; schema: Schema; calls: Call[] }) {
  const { name, schema } = props;
  const rows = membersOf(schema);
  const users = props.calls.filter((call) =>
    [
      bodyOf(call),
      ...Object.entries(call.responses ?? {})
        .filter(([status]) => status !== "default")
        .map(([, each]) => Object.values(each.content ?? {})[0]?.schema),
    ].some((each) => refOf(each) === name || refOf(each) === `${name}_list`),
  );
  return (
    <article className={classes.article} aria-labelledby="call-title">
      <header>
        <h2 id="call-title" className={classes.callTitle} tabIndex={-1}>
          <span className="mono">{name}</span>
        </h2>
        <p className="dim">{schema.description ?? "What calls take or answer."}</p>
      </header>
      <Panel title="Members" flush>
        <Members label={`Members of ${name}`} of={rows} />
      </Panel>
      {users.length > 0 && (
        <Panel title="Answered by">
          <ul className={classes.users}>
            {users.map((call) => (
              <li key={call.id}>
                <MethodMark method={call.method} />{" "}
                <Link href={`/reference?call=${encodeURIComponent(call.id)}`}>
                  <span className="mono">{call.path}</span>
                </Link>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </article>
  );
}
