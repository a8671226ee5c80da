import { count, plural } from "../../common/format";
import { Page } from "../../common/page";
import { useQueryState } from "../../common/query_state";
import { useRoom } from "../../common/room";
import { SearchBox } from "../../common/search_box";
import { findRows } from "../../common/rows";
import { sortRows } from "../../common/sort_rows";
import { Empty, Failed, Loading } from "../../common/states";
import { DataTable, parseSorting, sortingText } from "../../common/table";
import { columns } from "./columns";
import { Details } from "./details";
import { kindOf, useServices } from "./rows";
import classes from "./services.module.css";

/** What answers the requests of clients, how much it has to do, and how well it does it. */
export default function Services() {
  const { rows, total, problem } = useServices();
  const [search, setSearch] = useQueryState("q");
  const [sort, setSort] = useQueryState("sort", "name");
  const [name, setName] = useQueryState("service");
  const { ref, shown } = useRoom(columns);
  const sorting = parseSorting(sort);
  const found = sortRows(
    findRows(rows ?? [], search, (each) => [
      each.name,
      kindOf(each.kind),
      ...each.uses.map((use) => use.channel.name),
    ]),
    sorting,
  );
  const flying = (rows ?? []).reduce((sum, each) => sum + each.in_flight, 0);
  return (
    <Page
      title="Services"
      about={
        rows && (
          <span className="num">
            {search.trim()
              ? `${count(found.length)} of ${plural(total, "service")}`
              : plural(total, "service")}
            , {count(flying)} in flight
          </span>
        )
      }
      actions={
        <SearchBox
          label="Search services"
          placeholder="Service, kind or channel"
          value={search}
          onChange={setSearch}
        />
      }
      fill
    >
      <div ref={ref} className={classes.table}>
        {rows ? (
          <DataTable
            label="Services"
            columns={shown}
            count={found.length}
            row={(index) => found[index]}
            rowKey={(row) => row.name}
            rowHeight={36}
            sorting={sorting}
            onSort={(next) => setSort(sortingText(next))}
            onOpen={(row) => setName(row.name, true)}
            empty={
              search.trim() ? (
                <Empty title="No service is called so">
                  Neither a name, nor a kind, nor a channel has it in it.
                </Empty>
              ) : (
                <Empty title="There are no services" />
              )
            }
          />
        ) : problem ? (
          <Failed error={problem} what="The services cannot be shown" />
        ) : (
          <Loading />
        )}
      </div>
      {rows && total > rows.length && (
        <p className={classes.note}>The first {count(rows.length)} by name are shown.</p>
      )}
      <Details
        name={name}
        row={rows?.find((each) => each.name === name)}
        close={() => setName("")}
      />
    </Page>
  );
}
