import { Link, useLocation } from "wouter";

import { useLive } from "../../api/live";
import type { Channel, List } from "../../api/types";
import { count, plural } from "../../common/format";
import { Name } from "../../common/name";
import { useQueryState } from "../../common/query_state";
import { sortRows } from "../../common/sort_rows";
import { Empty, Failed, Loading } from "../../common/states";
import { DataTable, parseSorting, sortingText, type Column } from "../../common/table";
import { to } from "../../shell/routes";
import classes from "./channels_panel.module.css";
import { SidePanel } from "./side_panel";

type Row = Pick<Channel, "name" | "path" | "is_active" | "connections" | "sessions">;

const columns: Array<Column<Row>> = [
  {
    id: "name",
    title: "Channel",
    width: "minmax(7rem, 1fr)",
    sort: "name",
    cell: (row) => (
      <span className={classes.name}>
        <Link href={to.connectionsOf(row.name)} className={classes.link}>
          <Name of={row.name} max={80} />
        </Link>
        {!row.is_active && <span className={classes.inactive}>inactive</span>}
      </span>
    ),
  },
  {
    id: "connections",
    title: "Connections",
    width: "7rem",
    align: "end",
    sort: "connections",
    cell: (row) => <Count of={row.connections} />,
  },
  {
    id: "sessions",
    title: "Sessions",
    width: "5.5rem",
    align: "end",
    sort: "sessions",
    cell: (row) => <Count of={row.sessions} />,
  },
];

function Count({ of }: { of: number }) {
  return <span className={of === 0 ? "dim" : undefined}>{count(of)}</span>;
}

/** The channels and how many use them; each leads to its connections. */
export function ChannelsPanel() {
  const { value, problem } = useLive<List<Row>>(
    "/channels?limit=1000&fields=name,path,is_active,connections,sessions",
  );
  const [sort, setSort] = useQueryState("channels", "name");
  const [, go] = useLocation();
  const sorting = parseSorting(sort);
  const rows = sortRows(value?.items ?? [], sorting);
  const inactive = rows.filter((each) => !each.is_active).length;
  const more = (value?.total ?? 0) - rows.length;
  return (
    <SidePanel
      title="Channels"
      about={value && `${count(value.total)}${inactive > 0 ? `, ${count(inactive)} inactive` : ""}`}
      actions={<Link href="/channels">All channels</Link>}
    >
      {value ? (
        <DataTable
          label="Channels and their connections"
          columns={columns}
          count={rows.length}
          row={(index) => rows[index]}
          rowKey={(row) => row.name}
          rowHeight={34}
          sorting={sorting}
          onSort={(next) => setSort(sortingText(next))}
          onOpen={(row) => go(to.connectionsOf(row.name))}
          maxHeight="max(22rem, calc(100dvh - 56rem))"
          empty={
            <Empty title="There are no channels">
              Clients connect to a channel: <Link href="/channels">make the first one</Link>
            </Empty>
          }
        />
      ) : problem ? (
        <Failed error={problem} what="The channels cannot be shown" />
      ) : (
        <Loading />
      )}
      {more > 0 && <p className={classes.more}>and {plural(more, "channel")} more</p>}
    </SidePanel>
  );
}
