import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";

/** Where one types what a list is narrowed down to; `/` goes there. */
export function SearchBox(props: {
  label: string;
  value: string;
  onChange: (text: string) => void;
  placeholder?: string;
}) {
  return (
    <TextInput
      type="search"
      aria-label={props.label}
      placeholder={props.placeholder ?? props.label}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape" && props.value) {
          event.preventDefault();
          props.onChange("");
        }
      }}
      leftSection={<IconSearch size={15} stroke={1.6} aria-hidden />}
      style={{ flex: "1 1 12rem", maxWidth: "22rem" }}
    />
  );
}
