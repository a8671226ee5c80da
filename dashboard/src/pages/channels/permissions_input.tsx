import { Input, TextInput } from "@mantine/core";
import { useState } from "react";

import { unread, Unread } from "../../common/fields";
import { Labelled, type FieldInputProps } from "../../common/field_input";
import { permits, readRules } from "./permissions";
import classes from "./channels.module.css";

/** Rules a line, checked as they are typed, with a topic to try them on. */
export function PermissionsInput(props: FieldInputProps) {
  const { value, onChange, invalid } = props;
  const [topic, setTopic] = useState("");
  const text = value instanceof Unread ? value.text : String(value ?? "");
  const { rules } = readRules(text);
  const type = (next: string) => {
    const [fault] = readRules(next).faults;
    onChange(fault ? unread(next, `Line ${fault.line}: ${fault.text}`) : next);
  };
  return (
    <div className={classes.parts}>
      <Labelled by={props}>
        <Input
          component="textarea"
          multiline
          error={invalid}
          classNames={{ input: `mono ${classes.lines}` }}
          value={text}
          onChange={(event) => type(event.currentTarget.value)}
          placeholder={"pub=/orders/*\nsub=/orders/**"}
          spellCheck={false}
        />
      </Labelled>
      <div className={classes.trial}>
        <TextInput
          size="xs"
          aria-label="Try a topic"
          placeholder="Try a topic, such as /orders/new"
          value={topic}
          onChange={(event) => setTopic(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          className={classes.grow}
        />
        <span role="status" className={classes.verdict}>
          {topic && (
            <>
              <Verdict may={permits(rules, "pub", topic)} what="publish" />
              <Verdict may={permits(rules, "sub", topic)} what="subscribe" />
            </>
          )}
        </span>
      </div>
    </div>
  );
}

function Verdict({ may, what }: { may: boolean; what: string }) {
  return <span className={may ? "good" : "dim"}>{may ? `may ${what}` : `may not ${what}`}</span>;
}
