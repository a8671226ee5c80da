import { Link } from "wouter";

import { Code } from "./code";
import { refOf, typeWords, type Schema } from "./spec";
import classes from "./reference.module.css";

export interface Member {
  name: string;
  schema?: Schema;
  required?: boolean;
  about?: string;
}

/**
 * The members of an object, or the parameters of a call: name, type, what it is for. The roles stay
 * what they are where a narrow page stacks the cells.
 */
export function Members(props: { label: string; of: Member[] }) {
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label={props.label}>
      <table role="table" className={classes.members}>
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">
              Name
            </th>
            <th scope="col" role="columnheader">
              Type
            </th>
            <th scope="col" role="columnheader">
              Meaning
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {props.of.map((each) => (
            <tr key={each.name} role="row">
              <th scope="row" role="rowheader" className="mono">
                {each.name}
                {each.required && <span className={classes.required}> required</span>}
              </th>
              <td role="cell">
                <TypeText schema={each.schema} />
              </td>
              <td role="cell">
                <Code text={each.about ?? each.schema?.description ?? ""} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function membersOf(schema: Schema | undefined): Member[] {
  return Object.entries(schema?.properties ?? {}).map(([name, member]) => ({
    name,
    schema: member,
    required: schema?.required?.includes(name),
  }));
}

/** A type; that of a named schema leads to it. */
export function TypeText({ schema }: { schema?: Schema }) {
  const words = typeWords(schema);
  const name = refOf(schema);
  if (!name) return <span className="mono dim">{words}</span>;
  return (
    <span className="mono">
      {words.slice(0, words.length - name.length)}
      <Link href={`/reference?schema=${encodeURIComponent(name)}`}>{name}</Link>
    </span>
  );
}
