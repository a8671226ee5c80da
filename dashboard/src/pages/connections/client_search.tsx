import { CloseButton, Kbd, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { startTransition, useEffect, useRef, useState } from "react";

/** How long one has to stop typing before the list is asked for, in ms. */
const pause = 120;

/** The filter by client id. What is typed is its own state: nothing else draws for a letter. */
export function ClientSearch(props: { value: string; onChange: (text: string) => void }) {
  const { value, onChange } = props;
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    // The address has changed by other means than typing here.
    if (value !== sent.current) setText(value);
    sent.current = value;
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const send = (next: string) => {
    clearTimeout(timer.current);
    if (next === sent.current) return;
    sent.current = next;
    startTransition(() => onChange(next));
  };
  const type = (next: string, after: number) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => send(next), after);
  };

  return (
    <TextInput
      type="search"
      aria-label="Client id contains"
      placeholder="Client id"
      value={text}
      onChange={(event) => type(event.currentTarget.value, pause)}
      onKeyDown={(event) => {
        if (event.key === "Enter") send(text);
        if (event.key === "Escape" && text) {
          event.preventDefault();
          type("", 0);
        }
      }}
      leftSection={<IconSearch size={15} aria-hidden />}
      rightSection={
        text ? (
          <CloseButton size="sm" aria-label="Clear the client id" onClick={() => type("", 0)} />
        ) : (
          <Kbd size="xs" aria-hidden>
            /
          </Kbd>
        )
      }
      autoComplete="off"
      spellCheck={false}
    />
  );
}
