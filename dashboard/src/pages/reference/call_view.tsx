import { CopyButton } from "../../common/copy";
import { Panel } from "../../common/page";
import { Code } from "./code";
import { Members, membersOf, TypeText, type Member } from "./members";
import { MethodMark } from "./method_mark";
import { bodyOf, curlOf, refOf, whoMay, type Call, type Document, type Parameter } from "./spec";
import classes from "./reference.module.css";

const places: Array<{ in: Parameter["in"]; title: string }> = [
  { in: "path", title: "In the path" },
  { in: "query", title: "In the query string" },
  { in: "header", title: "Headers" },
];

/** One call: what it does, who may make it, what it takes and what it answers. */
export function CallView({ call, document }: { call: Call; document: Document }) {
  const body = bodyOf(call);
  const members = membersOf(body);
  const curl = curlOf(call, window.location.origin);
  return (
    <article className={classes.article} aria-labelledby="call-title">
      <header>
        <h2 id="call-title" className={classes.callTitle} tabIndex={-1}>
          <MethodMark method={call.method} /> <span className="mono">{call.path}</span>
        </h2>
        <p className={classes.summary}>
          <Code text={call.summary ?? ""} />
        </p>
        <p className="dim">May be made by {whoMay(call["x-role"])}.</p>
      </header>

      <Panel
        title="As a command"
        actions={<CopyButton text={curl} label="Copy as curl" size="compact-sm" />}
      >
        <pre className={classes.code} tabIndex={0} aria-label="The call as a curl command">
          {curl}
        </pre>
      </Panel>

      {places.map((place) => {
        const given = (call.parameters ?? []).filter((each) => each.in === place.in);
        if (given.length === 0) return null;
        const rows: Member[] = given.map((each) => ({
          name: each.name,
          schema: each.schema,
          required: each.required,
          about: each.description,
        }));
        return (
          <Panel key={place.in} title={place.title} flush>
            <Members label={place.title} of={rows} />
          </Panel>
        );
      })}

      {body && (
        <Panel
          title={call.requestBody?.required === false ? "Body (may be left out)" : "Body"}
          flush
        >
          {members.length > 0 ? (
            <Members label="Body" of={members} />
          ) : (
            <div className={classes.inside}>
              <TypeText schema={body} />
            </div>
          )}
        </Panel>
      )}

      {Object.entries(call.responses ?? {}).map(([status, response]) => {
        const [type, content] = Object.entries(response.content ?? {})[0] ?? [];
        const name = refOf(content?.schema);
        const schema = name ? document.components?.schemas?.[name] : content?.schema;
        const rows = membersOf(schema);
        // Of an error the same is said everywhere: its name leads to it.
        const shown = status !== "default" && rows.length > 0;
        return (
          <Panel
            key={status}
            title={`Answer ${status === "default" ? "otherwise" : status}`}
            flush={shown}
          >
            <div className={shown ? classes.above : undefined}>
              {response.description}
              {type && (
                <div>
                  <span className="mono dim">{type}</span> <TypeText schema={content?.schema} />
                </div>
              )}
            </div>
            {shown && <Members label={`Answer ${status}`} of={rows} />}
          </Panel>
        );
      })}
    </article>
  );
}
