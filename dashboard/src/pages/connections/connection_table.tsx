import { Button } from "@mantine/core";
import { memo, useEffect, useRef, useState } from "react";

import type { Connection } from "../../api/types";
import { Problem } from "../../api/problem";
import { useRoom } from "../../common/room";
import { Empty, Failed, Loading } from "../../common/states";
import { DataTable, sortingText, type Sorting } from "../../common/table";
import { fieldsOf, isRestless, type ConnectionColumn } from "./columns";
import classes from "./connections.module.css";
import type { Filters } from "./filters";
import { useWindow } from "./use_window";

const rowHeight = 52;
/**
 * Browsers make no element taller than 17.8 million pixels (Firefox; Chromium 33 million): beyond
 * this many rows the last ones are out of reach and a filter has to be used.
 */
export const mostShown = Math.floor(17_000_000 / rowHeight);

/** Where the list was left for a connection: Back comes to the same place. */
function leftAt(): number {
  const kept = (history.state as { connectionsAt?: number } | null)?.connectionsAt;
  return typeof kept === "number" ? kept : 0;
}
function leaveAt(top: number): void {
  history.replaceState({ ...(history.state as object | null), connectionsAt: top }, "");
}

const rowKey = (row: Connection) => row.id;

export const ConnectionTable = memo(function ConnectionTable(props: {
  filters: Filters;
  columns: ConnectionColumn[];
  filtered: boolean;
  onSort: (sorting: Sorting) => void;
  onOpen: (id: string) => void;
  onClear: () => void;
  onState: (state: { total?: number; problem?: unknown }) => void;
}) {
  const { filters, columns, filtered, onState } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const room = useRoom(columns);
  const [startAt] = useState(leftAt);
  const rows = useWindow({
    query: {
      channel: filters.channel,
      client_id: filters.client_id,
      selector: filters.selector,
      sort: sortingText(filters.sorting),
    },
    // Of all columns, whether there is room for them or not: turning a phone asks for nothing.
    fields: fieldsOf(columns),
    anchored: !isRestless(filters.sorting.field),
    scroller,
    rowHeight,
    startAt,
  });
  const { total, problem, behind } = rows;

  useEffect(
    () => onState({ total: behind ? undefined : total, problem }),
    [onState, total, problem, behind],
  );

  const refused = problem instanceof Problem && problem.status >= 400 && problem.status < 500;
  let state = null;
  if (problem instanceof Problem && problem.column !== undefined)
    state = (
      <Empty title="The selector cannot be understood">
        What is wrong with it stands below it; the list comes once it is right.
      </Empty>
    );
  else if (refused || (problem !== undefined && total === undefined))
    state = <Failed error={problem} what="The list cannot be shown" />;
  else if (total === undefined) state = <Loading what="Asking who is connected" />;
  const empty = filtered ? (
    <Empty title="Nothing matches">
      <p>No connection fits these filters just now; one that does will appear here.</p>
      <Button variant="default" size="xs" onClick={props.onClear}>
        Clear filters
      </Button>
    </Empty>
  ) : (
    <Empty title="Nobody is connected">Clients appear here the moment they connect.</Empty>
  );
  return (
    <div ref={room.ref} className={behind ? `${classes.table} ${classes.behind}` : classes.table}>
      {state ?? (
        <DataTable
          label="Connections"
          columns={room.shown}
          count={Math.min(total ?? 0, mostShown)}
          row={rows.row}
          rowKey={rowKey}
          rowHeight={rowHeight}
          rowClass={(row) => (rows.isFresh(row.id) ? classes.fresh : undefined)}
          sorting={filters.sorting}
          onSort={props.onSort}
          onOpen={(row) => {
            leaveAt(scroller.current?.scrollTop ?? 0);
            props.onOpen(row.id);
          }}
          onRange={rows.onRange}
          scroller={scroller}
          empty={empty}
        />
      )}
      {total !== undefined && total > mostShown && (
        <div className={classes.capped} role="note">
          More than can be scrolled through: use a filter.
        </div>
      )}
    </div>
  );
});
