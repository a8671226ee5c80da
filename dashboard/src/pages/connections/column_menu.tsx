import { Button, Checkbox, Group, Popover, Stack } from "@mantine/core";
import { IconColumns3 } from "@tabler/icons-react";

import type { ConnectionColumn } from "./columns";
import classes from "./connections.module.css";

/** Which columns the table has. */
export function ColumnMenu(props: {
  all: ConnectionColumn[];
  shown: string[];
  /** Null: the usual ones again. */
  onChange: (columns: string[] | null) => void;
}) {
  const { all, shown, onChange } = props;
  const toggle = (id: string) => {
    const chosen = new Set(shown);
    if (!chosen.delete(id)) chosen.add(id);
    // In the order of the table, whichever was clicked first.
    const next = all.map((each) => each.id).filter((each) => chosen.has(each));
    if (next.length > 0) onChange(next);
  };
  return (
    <Popover position="bottom-end" width={240} shadow="md" withinPortal trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={16} aria-hidden />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns" p="xs">
        <Stack gap="xs">
          <div className={classes.columns}>
            <Stack gap={6}>
              {all.map((column) => {
                const on = shown.includes(column.id);
                return (
                  <Checkbox
                    key={column.id}
                    size="xs"
                    label={column.title}
                    checked={on}
                    disabled={on && shown.length === 1}
                    onChange={() => toggle(column.id)}
                  />
                );
              })}
            </Stack>
          </div>
          <Group justify="flex-end">
            <Button size="xs" variant="subtle" onClick={() => onChange(null)}>
              The usual ones
            </Button>
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
