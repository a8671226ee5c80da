import { useVirtualizer } from "@tanstack/react-virtual";
import {
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
} from "react";

import { SortMenu } from "./sort_menu";
import classes from "./table.module.css";

export interface Column<Row> {
  id: string;
  title: string;
  /** A width of CSS grid, such as `minmax(12rem, 2fr)`. */
  width: string;
  cell: (row: Row) => ReactNode;
  /** Numbers stand at the right. */
  align?: "end";
  /** The field that the list is sorted by for this column; absent: cannot be sorted. */
  sort?: string;
  /** Of a cell that shows several fields: a menu in the head says by which. */
  sorts?: SortField[];
  /** The narrowest table (in px) that has room for it; absent: always shown. */
  from?: number;
  about?: string;
}

export interface SortField {
  field: string;
  title: string;
}

export interface Sorting {
  field: string;
  descending: boolean;
}

export interface TableProps<Row> {
  label: string;
  columns: Array<Column<Row>>;
  /** How many rows there are in all. */
  count: number;
  /** Undefined while it is not there yet. */
  row: (index: number) => Row | undefined;
  /** What tells rows apart. */
  rowKey: (row: Row) => string;
  sorting?: Sorting;
  onSort?: (sorting: Sorting) => void;
  /** A class of its own for a row. */
  rowClass?: (row: Row) => string | undefined;
  /** Enter, or a click. */
  onOpen?: (row: Row) => void;
  /** The indexes of the rows that can be seen. */
  onRange?: (first: number, last: number) => void;
  /** In px. */
  rowHeight?: number;
  /** Shown in the place of rows when there are none. */
  empty?: ReactNode;
  /** The tallest it becomes; by default it fills its place. */
  maxHeight?: string;
  scroller?: Ref<HTMLDivElement>;
  /** The width of the table in px, to know which columns have room. */
  room?: number;
}

/** The least that a width of CSS grid takes. */
function leastOf(width: string): string {
  return /^minmax\(([^,]+),/.exec(width)?.[1] ?? width;
}

/** `-connected_at` <-> a sorting. */
export function parseSorting(text: string): Sorting {
  return text.startsWith("-")
    ? { field: text.slice(1), descending: true }
    : { field: text, descending: false };
}
export function sortingText({ field, descending }: Sorting): string {
  return (descending ? "-" : "") + field;
}

/**
 * A table of any number of rows, of which those are in the page that can be seen. Arrows move
 * between rows, Enter opens one, Home, End, PageUp and PageDown do what they do elsewhere.
 */
export function DataTable<Row>(props: TableProps<Row>) {
  const { columns, count, row, rowKey, sorting, onSort, onOpen, onRange, rowHeight = 40 } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const active = useRef<number>(-1);
  /** Whether a row has the focus, or had it when it went. */
  const held = useRef(false);
  /** Whether the row that is to have the focus is not in the page yet. */
  const moving = useRef(false);
  const prefix = useId();
  const template = columns.map((each) => each.width).join(" ");
  // What the columns need, whatever stands in them: a table as wide as its content would jump.
  const least = `calc(${columns.map((each) => leastOf(each.width)).join(" + ")})`;

  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  useEffect(() => virtual.measure(), [virtual, rowHeight]);

  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items[items.length - 1]?.index ?? 0;
  useEffect(() => onRange?.(first, last), [onRange, first, last]);

  // Tab reaches the table even when the row that was used last is not in the page.
  const stop = items.some((each) => each.index === active.current)
    ? active.current
    : Math.ceil((scroller.current?.scrollTop ?? 0) / rowHeight);

  const focusRow = (index: number) => {
    const to = Math.max(0, Math.min(count - 1, index));
    active.current = to;
    held.current = true;
    virtual.scrollToIndex(to, { align: "auto" });
    keepFocus(true);
  };

  /**
   * The focus stays in the table: a row may come into the page with the scroll only, be there as a
   * gap first, move to another index, or go.
   */
  const keepFocus = (move = false) => {
    const pane = scroller.current;
    const on = document.activeElement;
    if (!pane || !held.current) return;
    const mine = on instanceof HTMLElement && pane.contains(on) ? on.dataset.index : undefined;
    if (mine !== undefined && !move && !moving.current) active.current = Number(mine);
    else if (on === document.body || mine !== undefined) {
      const wanted = pane.querySelector<HTMLElement>(`[data-index="${active.current}"]`);
      moving.current = wanted === null;
      wanted?.focus({ preventScroll: true });
    }
  };
  useLayoutEffect(() => keepFocus());

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.altKey || event.ctrlKey || event.metaKey || count === 0) return;
    const target = event.target as HTMLElement;
    const at = Number(target.closest<HTMLElement>("[data-index]")?.dataset.index ?? -1);
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / rowHeight) - 2);
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? 0 : at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: count - 1,
    };
    if (target.closest("input, textarea, [role=menu], [contenteditable=true]")) return;
    const to = moves[event.key];
    if (to !== undefined) {
      event.preventDefault();
      focusRow(to);
    } else if (event.key === "Enter" && at >= 0 && target.dataset.index !== undefined) {
      const opened = row(at);
      if (opened !== undefined) onOpen?.(opened);
    }
  };

  const setScroller = (element: HTMLDivElement | null) => {
    scroller.current = element;
    if (typeof props.scroller === "function") props.scroller(element);
    else if (props.scroller) props.scroller.current = element;
  };

  return (
    <div
      ref={setScroller}
      className={classes.scroller}
      style={props.maxHeight ? { maxHeight: props.maxHeight } : undefined}
      onKeyDown={onKeyDown}
    >
      <div
        role="grid"
        aria-label={props.label}
        aria-rowcount={count + 1}
        aria-colcount={columns.length}
        className={classes.grid}
        style={{ minWidth: least }}
      >
        <div role="rowgroup" className={classes.head}>
          <div
            role="row"
            aria-rowindex={1}
            className={classes.row}
            style={{ gridTemplateColumns: template }}
          >
            {columns.map((each) => (
              <HeadCell key={each.id} column={each} sorting={sorting} onSort={onSort} />
            ))}
          </div>
        </div>
        <div role="rowgroup" className={classes.body} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const value = row(item.index);
            return (
              <div
                key={value === undefined ? `gap-${item.index}` : rowKey(value)}
                id={`${prefix}-${item.index}`}
                role="row"
                aria-rowindex={item.index + 2}
                data-index={item.index}
                data-key={value === undefined ? undefined : rowKey(value)}
                tabIndex={item.index === stop ? 0 : -1}
                className={[
                  classes.row,
                  onOpen && value !== undefined && classes.opens,
                  value !== undefined && props.rowClass?.(value),
                ]
                  .filter(Boolean)
                  .join(" ")}
                style={{
                  gridTemplateColumns: template,
                  height: rowHeight,
                  transform: `translateY(${item.start}px)`,
                }}
                onFocus={() => {
                  active.current = item.index;
                  held.current = true;
                  moving.current = false;
                }}
                // Not called for a row that goes: React says nothing while it draws.
                onBlur={() => {
                  held.current = false;
                }}
                onClick={(event) => {
                  if (value === undefined || !onOpen) return;
                  const on = event.target as HTMLElement;
                  if (on.closest("a, button, input, label, [role=menu]")) return;
                  if (window.getSelection()?.type === "Range") return;
                  onOpen(value);
                }}
              >
                {columns.map((each) => (
                  <div
                    key={each.id}
                    role="gridcell"
                    className={
                      each.align === "end" ? `${classes.cell} ${classes.end}` : classes.cell
                    }
                  >
                    {value === undefined ? <span className={classes.gap} /> : each.cell(value)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
      {count === 0 && props.empty}
    </div>
  );
}

function HeadCell<Row>(props: {
  column: Column<Row>;
  sorting?: Sorting;
  onSort?: (sorting: Sorting) => void;
}) {
  const { column, sorting, onSort } = props;
  const end = column.align === "end" ? classes.end : "";
  if (column.sorts && onSort) {
    const by = column.sorts.find((each) => each.field === sorting?.field);
    const order = sorting?.descending ? "descending" : "ascending";
    return (
      <div
        role="columnheader"
        aria-sort={by ? order : "none"}
        className={`${classes.title} ${end}`}
      >
        <SortMenu
          title={column.title}
          about={column.about}
          fields={column.sorts}
          sorting={by && sorting}
          onSort={onSort}
        />
      </div>
    );
  }
  const mine = sorting !== undefined && column.sort === sorting.field;
  if (!column.sort || !onSort)
    return (
      <div role="columnheader" className={`${classes.title} ${end}`} title={column.about}>
        {column.title}
      </div>
    );
  const field = column.sort;
  return (
    <div
      role="columnheader"
      aria-sort={mine ? (sorting.descending ? "descending" : "ascending") : "none"}
      className={`${classes.title} ${end}`}
    >
      <button
        type="button"
        className={classes.sorter}
        title={column.about}
        onClick={() => onSort({ field, descending: mine ? !sorting.descending : false })}
      >
        {column.title}
        <span aria-hidden className={classes.arrow}>
          {mine ? (sorting.descending ? "\u2193" : "\u2191") : ""}
        </span>
      </button>
    </div>
  );
}
