import type { ReactNode } from "react";
import { useId } from "react";

import { sentence } from "../api/problem";
import { FieldInput, type FieldInputProps } from "./field_input";
import { fieldOf, inWords, same, titleOf, type Field, type FieldForm as Form } from "./fields";
import classes from "./field_form.module.css";

export interface FieldGroup {
  title: string;
  names: string[];
}

export interface FieldFormProps {
  form: Form;
  /** Of the check or the attempt to save; the field that it names is marked. */
  problem?: unknown;
  /** All problems are shown, also of fields that nobody has touched yet. */
  tried?: boolean;
  /** Inputs of the page's own, by field. */
  custom?: Record<string, (props: FieldInputProps) => ReactNode>;
  /** Why fields cannot be edited, by field; empty where it needs no word. */
  fixed?: Record<string, string>;
  /** Fields whose defaults are not worth a word. */
  plain?: string[];
  /** Fields that are not in a group stand at the end. */
  groups?: FieldGroup[];
}

const stays = "It is given when this is made, and stays.";

/** A field a row: what it is, its input, its default, what is wrong with it. */
export function FieldForm(props: FieldFormProps) {
  const { form, groups } = props;
  if (!groups) return <Rows {...props} fields={form.fields} />;
  const named = new Set(groups.flatMap((each) => each.names));
  const parts = groups.map(({ title, names }) => ({
    title,
    fields: names.flatMap((name) => form.fields.find((each) => each.name === name) ?? []),
  }));
  parts.push({ title: "More", fields: form.fields.filter((each) => !named.has(each.name)) });
  return (
    <>
      {parts
        .filter((each) => each.fields.length > 0)
        .map((each) => (
          <section key={each.title} className={classes.group}>
            <h3 className={classes.groupTitle}>{each.title}</h3>
            <Rows {...props} fields={each.fields} />
          </section>
        ))}
    </>
  );
}

function Rows(props: FieldFormProps & { fields: Field[] }) {
  const { form, problem, fixed, custom, tried } = props;
  const at = fieldOf(problem);
  return (
    <div className={classes.rows}>
      {props.fields.map((field) => {
        const seen = tried || !form.making || form.touched.has(field.name);
        const said = at === field.name && seen ? sentence(problem) : undefined;
        return (
          <Row
            key={field.name}
            field={field}
            form={form}
            fault={form.faults[field.name] ?? said}
            fixed={fixed?.[field.name] ?? (form.making || field.editable ? undefined : stays)}
            input={custom?.[field.name]}
            plain={props.plain?.includes(field.name)}
          />
        );
      })}
    </div>
  );
}

function Row(props: {
  field: Field;
  form: Form;
  fault?: string;
  fixed?: string;
  input?: (props: FieldInputProps) => ReactNode;
  plain?: boolean;
}) {
  const { field, form, fault, fixed } = props;
  const id = useId();
  const value = form.values[field.name];
  const input = props.input ?? FieldInput;
  const title = field.title ?? titleOf(field.name);
  return (
    <div className={classes.row} data-field={field.name}>
      <div className={classes.about}>
        <label htmlFor={id} className={classes.label} title={field.name}>
          {title}
        </label>
        <div id={`${id}-about`} className="dim">
          {field.about}
        </div>
      </div>
      <div className={classes.side}>
        {fixed !== undefined ? (
          <>
            <output id={id} className={classes.fixed}>
              {inWords(field, value)}
            </output>
            {fixed && <div className={`dim ${classes.note}`}>{fixed}</div>}
          </>
        ) : (
          <>
            {input({
              field,
              value,
              onChange: (next) => form.set(field.name, next),
              id,
              label: title,
              invalid: fault !== undefined,
              describedBy: `${id}-about ${id}-note${fault ? ` ${id}-fault` : ""}`,
            })}
            {props.plain ? (
              <div id={`${id}-note`} />
            ) : (
              <Note id={`${id}-note`} field={field} form={form} title={title} />
            )}
          </>
        )}
        {fault && (
          <div id={`${id}-fault`} className={`bad ${classes.note}`} role="alert">
            {fault}
          </div>
        )}
      </div>
    </div>
  );
}

/** Whether the field is as it is by default, and the way back to it. */
function Note(props: { id: string; field: Field; form: Form; title: string }) {
  const { id, field, form, title } = props;
  // An empty text is no default to speak of: it has to be given, or it may be left out.
  if (field.kind === "text" && !field.default) return <div id={id} />;
  const usual = same(form.values[field.name], field.default);
  const words = inWords(field, field.default);
  return (
    <div id={id} className={`dim ${classes.note}`}>
      {usual ? (
        <span>Default</span>
      ) : (
        <>
          <span>Default: {words.length > 80 ? `${words.slice(0, 80)}\u2026` : words}</span>
          <button
            type="button"
            className={classes.back}
            onClick={() => form.putBack(field.name)}
            aria-label={`Put ${title} back to its default`}
          >
            Put back
          </button>
        </>
      )}
    </div>
  );
}
