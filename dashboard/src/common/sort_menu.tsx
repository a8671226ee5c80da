import { Menu } from "@mantine/core";

import type { SortField, Sorting } from "./table";
import classes from "./table.module.css";

/** The head of a column that can be sorted by several fields. */
export function SortMenu(props: {
  title: string;
  about?: string;
  fields: SortField[];
  /** When one of them is what the table is sorted by. */
  sorting?: Sorting;
  onSort: (sorting: Sorting) => void;
}) {
  const { fields, sorting, onSort } = props;
  const arrow = sorting ? (sorting.descending ? "\u2193" : "\u2191") : "";
  const by = sorting && fields.find((each) => each.field === sorting.field);
  return (
    <Menu position="bottom-start" withinPortal shadow="md">
      <Menu.Target>
        <button
          type="button"
          className={classes.sorter}
          title={props.about}
          aria-label={by ? `${props.title}, sorted by ${by.title}` : props.title}
        >
          {props.title}
          {by && by.field !== fields[0]?.field && (
            <span className={classes.by}> {by.title.toLowerCase()}</span>
          )}
          <span aria-hidden className={arrow ? classes.arrow : classes.choice}>
            {arrow || "\u25be"}
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Sort by</Menu.Label>
        {fields.map(({ field, title }) => {
          const mine = sorting?.field === field;
          return (
            <Menu.Item
              key={field}
              aria-current={mine}
              rightSection={mine ? <span aria-hidden>{arrow}</span> : undefined}
              onClick={() => onSort({ field, descending: mine ? !sorting.descending : false })}
            >
              {title}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
