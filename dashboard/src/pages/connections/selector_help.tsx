import { ActionIcon, Popover } from "@mantine/core";
import { IconHelp } from "@tabler/icons-react";

import classes from "./selector_box.module.css";

const parts: Array<[string, string]> = [
  ["== != < <= > >=", "compare"],
  ["~", "is like: * is any text, ? one character"],
  ["=~", "matches a regular expression, somewhere in the text"],
  ["in (\u2026)", "is one of the values; remote_ip in 10.0.0.0/8"],
  ["exists", "is there at all; stands after its field"],
  ["and or not ( )", "put conditions together"],
  ['"pos-17"', 'a text; \\" and \\\\ for quotes and backslashes'],
  ["10m 1h30m", "a duration, for idle and age"],
  ["1MiB 10KB", "a size"],
  ["2026-11-23T18:00:00Z", "a time"],
  ["label.KEY", "one of the client's labels"],
];

/** The grammar of selectors in plain words. */
export function SelectorHelp() {
  return (
    <Popover position="bottom-end" width={380} shadow="md" withinPortal trapFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label="How to write a selector">
          <IconHelp size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label="How to write a selector" maw="calc(100vw - 2rem)">
        <div className={classes.help} tabIndex={-1} data-autofocus>
          <p>
            A selector says which connections you mean: conditions of a field, an operator and a
            value. Ctrl+Space shows what fits; it is applied as soon as it is complete.
          </p>
          <dl>
            {parts.map(([what, means]) => (
              <div key={what} style={{ display: "contents" }}>
                <dt>{what}</dt>
                <dd>{means}</dd>
              </div>
            ))}
          </dl>
          <code className={classes.example}>
            {'client_id ~ "pos-*" and (idle > 10m or queue_bytes > 1MiB)'}
          </code>
          <p className="dim">
            A field that is empty matches no comparison; put not before it then.
          </p>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
