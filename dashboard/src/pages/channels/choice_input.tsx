import { Input } from "@mantine/core";

import { Labelled, type FieldInputProps } from "../../common/field_input";
import { choiceWords } from "./words";

/** A choice, each with what it means. */
export function ChoiceInput(props: FieldInputProps) {
  const { field, value, onChange, invalid } = props;
  return (
    <Labelled by={props}>
      <Input
        component="select"
        pointer
        error={invalid}
        value={String(value ?? "")}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {field.choices.map((each) => {
          const words = choiceWords[field.name]?.[each];
          return (
            <option key={each} value={each}>
              {words ? `${each}: ${words}` : each}
            </option>
          );
        })}
      </Input>
    </Labelled>
  );
}
