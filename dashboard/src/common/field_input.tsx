import { Input, InputWrapperContext, Switch } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useEffect, useState, type ReactNode } from "react";

import {
  inWords,
  isBytes,
  readCount,
  readSeconds,
  same,
  Unread,
  unread,
  type Field,
} from "./fields";
import { JsonEditor, jsonFault, pretty } from "./json_editor";
import classes from "./field_form.module.css";

export interface FieldInputProps {
  field: Field;
  value: unknown;
  onChange: (value: unknown) => void;
  /** Of the input: the label points to it. */
  id: string;
  label: string;
  invalid: boolean;
  describedBy: string;
}

/** The input of a field, by its kind. */
export function FieldInput(props: FieldInputProps): ReactNode {
  switch (props.field.kind) {
    case "flag":
      return <FlagInput {...props} />;
    case "choice":
      return <ChoiceInput {...props} />;
    case "count":
    case "seconds":
      return <NumberText {...props} />;
    case "texts":
      return <TextsInput {...props} />;
    case "lines":
      return <LinesInput {...props} />;
    case "object":
      return <ObjectInput {...props} />;
    case "text":
      return (
        <Labelled by={props}>
          <Input
            error={props.invalid}
            value={String(props.value ?? "")}
            onChange={(event) => props.onChange(event.currentTarget.value)}
            spellCheck={false}
            autoComplete="off"
          />
        </Labelled>
      );
  }
}

/** Gives the one `Input` within it the id that its label points to, and its description. */
export function Labelled(props: { by: FieldInputProps; children: ReactNode }) {
  const { id, describedBy } = props.by;
  const value = {
    inputId: id,
    describedBy,
    labelId: undefined,
    offsetTop: false,
    offsetBottom: false,
    getStyles: null,
  };
  return <InputWrapperContext value={value}>{props.children}</InputWrapperContext>;
}

function FlagInput({ id, value, onChange, describedBy }: FieldInputProps) {
  return (
    <div className={classes.switch}>
      <Switch
        id={id}
        checked={value === true}
        onChange={(event) => onChange(event.currentTarget.checked)}
        label={value === true ? "On" : "Off"}
        aria-describedby={describedBy}
      />
    </div>
  );
}

function ChoiceInput(props: FieldInputProps) {
  const { field, value, onChange } = props;
  return (
    <Labelled by={props}>
      <Input
        error={props.invalid}
        component="select"
        pointer
        rightSection={<IconChevronDown size={16} stroke={1.6} aria-hidden />}
        rightSectionPointerEvents="none"
        value={String(value ?? "")}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {field.choices.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </Input>
    </Labelled>
  );
}

/**
 * The text of an input whose value is something else. The text is the person's as long as it says
 * the value; a value from elsewhere (put back, reset) becomes the text.
 */
function useText(
  value: unknown,
  read: (text: string) => unknown,
  write: (value: unknown) => string,
): [string, (text: string) => unknown] {
  const [text, setText] = useState(() => (value instanceof Unread ? value.text : write(value)));
  useEffect(() => {
    setText((old) => {
      if (value instanceof Unread) return value.text;
      const said = read(old);
      return !(said instanceof Unread) && same(said, value) ? old : write(value);
    });
    // only another value makes another text
  }, [value]);
  return [
    text,
    (next) => {
      setText(next);
      return read(next);
    },
  ];
}

function NumberText(props: FieldInputProps) {
  const { field, value, onChange } = props;
  const read = (text: string) => {
    if (text.trim() === "")
      return field.default === null ? null : unread(text, "A number is needed here");
    const number = field.kind === "seconds" ? readSeconds(text) : readCount(text, isBytes(field));
    if (number !== undefined) return number;
    if (field.kind === "seconds") return unread(text, "Seconds, or such as 5 min, 2 h or 1 d 12 h");
    return unread(text, isBytes(field) ? "Bytes, or such as 64 MiB" : "A whole number");
  };
  const [text, type] = useText(value, read, (now) => (now === null ? "" : String(now ?? "")));
  // Small numbers say themselves.
  const large = field.kind === "seconds" ? 60 : isBytes(field) ? 1024 : 10_000;
  const said = typeof value === "number" && value >= large ? inWords(field, value) : "";
  return (
    <div className={classes.withWords}>
      <Labelled by={props}>
        <Input
          error={props.invalid}
          value={text}
          onChange={(event) => onChange(type(event.currentTarget.value))}
          placeholder={field.default === null ? inWords(field, null) : undefined}
          inputMode={field.kind === "count" ? "numeric" : "text"}
          autoComplete="off"
          className="num"
        />
      </Labelled>
      <span className={classes.words}>{said}</span>
    </div>
  );
}

const linesOf = (text: string) =>
  text
    .split("\n")
    .map((each) => each.trim())
    .filter((each) => each !== "");

function TextsInput(props: FieldInputProps) {
  const [text, type] = useText(props.value, linesOf, (now) =>
    Array.isArray(now) ? now.join("\n") : "",
  );
  return (
    <Labelled by={props}>
      <Input
        error={props.invalid}
        component="textarea"
        multiline
        classNames={{ input: classes.text }}
        value={text}
        onChange={(event) => props.onChange(type(event.currentTarget.value))}
        placeholder="One a line"
        spellCheck={false}
      />
    </Labelled>
  );
}

function LinesInput(props: FieldInputProps) {
  return (
    <Labelled by={props}>
      <Input
        error={props.invalid}
        component="textarea"
        multiline
        classNames={{ input: `${classes.text} mono` }}
        value={String(props.value ?? "")}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        spellCheck={false}
      />
    </Labelled>
  );
}

function ObjectInput({ field, value, onChange, id, label, describedBy }: FieldInputProps) {
  const read = (text: string) => {
    if (text.trim() === "") return field.default ?? null;
    // The editor says where it is wrong.
    return jsonFault(text) ? unread(text, "This is not JSON") : (JSON.parse(text) as unknown);
  };
  const [text, type] = useText(value, read, (now) =>
    now === null || now === undefined ? "" : pretty(now),
  );
  return (
    <JsonEditor
      id={id}
      label={label}
      describedBy={describedBy}
      value={text}
      onChange={(next) => {
        if (next !== text) onChange(type(next));
      }}
      minLines={3}
      maxLines={12}
    />
  );
}
