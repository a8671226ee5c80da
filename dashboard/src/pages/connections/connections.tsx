import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";

import { get } from "../../api/client";
import { useLive } from "../../api/live";
import { Problem } from "../../api/problem";
import { useMay } from "../../api/session";
import type { List } from "../../api/types";
import { count, plural } from "../../common/format";
import { Page } from "../../common/page";
import { to } from "../../shell/routes";
import { BulkDialog } from "./bulk_dialog";
import { BulkMenu, type BulkVerb } from "./bulk_menu";
import { ColumnMenu } from "./column_menu";
import { allColumns, type Attribute } from "./columns";
import { ConnectionTable } from "./connection_table";
import { FilterBar } from "./filter_bar";
import { useFilters } from "./filters";
import { selectorOf } from "./selector_text";

/** Who is connected: to one channel or all, found, sorted, and dealt with many at once. */
export default function Connections() {
  const { filters, change } = useFilters();
  const [, go] = useLocation();
  const [state, setState] = useState<{ total?: number; problem?: unknown }>({});
  const [verb, setVerb] = useState<BulkVerb>();
  const operator = useMay("operator");
  const everybody = useLive<{ connections: number }>("/overview").value?.connections;

  const attributes = useQuery({
    queryKey: ["attributes"],
    queryFn: ({ signal }) => get<List<Attribute>>("/attributes", undefined, signal),
    staleTime: Infinity,
  }).data?.items;
  const columns = useMemo(() => allColumns(attributes), [attributes]);
  const shown = useMemo(() => {
    const chosen = columns.filter((each) =>
      filters.columns ? filters.columns.includes(each.id) : each.usual,
    );
    // A choice has room made for it: the table scrolls sideways.
    if (chosen.length > 0 && filters.columns)
      return chosen.map((each) => ({ ...each, from: undefined }));
    return chosen.length > 0 ? chosen : columns.filter((each) => each.usual);
  }, [columns, filters.columns]);

  const filtered = Boolean(filters.channel || filters.client_id || filters.selector);
  const clear = useCallback(() => change({ channel: "", client_id: "", selector: "" }), [change]);
  const onOpen = useRef((id: string) => go(to.connection(id)));
  onOpen.current = (id) => go(to.connection(id));
  const open = useCallback((id: string) => onOpen.current(id), []);

  const { total, problem } = state;
  const ofSelector = problem instanceof Problem && problem.column !== undefined;
  return (
    <Page
      title="Connections"
      fill
      about={
        <Count
          total={total}
          everybody={everybody}
          filtered={filtered}
          of={selectorOf(filters)}
          onClear={clear}
        />
      }
      actions={
        <>
          {operator && total !== undefined && total > 0 && !problem && (
            <BulkMenu filtered={filtered} onChoose={setVerb} />
          )}
          <ColumnMenu
            all={columns}
            shown={shown.map((each) => each.id)}
            onChange={(next) => change({ columns: next })}
          />
        </>
      }
    >
      <FilterBar
        filters={filters}
        attributes={attributes}
        change={change}
        problem={ofSelector ? problem : undefined}
      />
      <ConnectionTable
        filters={filters}
        columns={shown}
        filtered={filtered}
        onSort={(sorting) => change({ sorting })}
        onOpen={open}
        onClear={clear}
        onState={setState}
      />
      {verb && (
        <BulkDialog
          key={verb}
          verb={verb}
          selector={selectorOf(filters)}
          onClose={() => setVerb(undefined)}
          onStarted={(id) => {
            setVerb(undefined);
            go(to.operation(id));
          }}
        />
      )}
    </Page>
  );
}

/** "1,234 of 100,000", and the way back to all. */
function Count(props: {
  total?: number;
  everybody?: number;
  filtered: boolean;
  /** What the count is of: a new one is read out, a change of it is not. */
  of: string;
  onClear: () => void;
}) {
  const { total, everybody, filtered, of } = props;
  // The two numbers are not of the same moment.
  const all = Math.max(total ?? 0, everybody ?? 0);
  const text =
    total === undefined
      ? ""
      : filtered && everybody !== undefined
        ? `${count(total)} of ${count(all)} match`
        : `${plural(total, "client")} connected`;
  const said = useRef({ of, text: "" });
  if (total !== undefined && (said.current.of !== of || !said.current.text))
    said.current = { of, text: `${plural(total, "row")} in the list` };
  return (
    <>
      <span className="num">{text || "\u00a0"}</span>
      <span role="status" className="visually-hidden">
        {said.current.text}
      </span>
      {filtered && (
        <Button size="compact-xs" variant="subtle" ml="xs" h="1.25rem" onClick={props.onClear}>
          Clear filters
        </Button>
      )}
    </>
  );
}
