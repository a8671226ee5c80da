import { withQuery } from "../../api/client";
import { useLive } from "../../api/live";
import type { List, Publisher } from "../../api/types";
import { count, plural } from "../../common/format";
import { useKept } from "../../common/kept";
import { Name } from "../../common/name";
import { useQueryParams } from "../../common/query_params";
import { useRoom } from "../../common/room";
import { Empty, Failed, Loading } from "../../common/states";
import { DataTable, parseSorting, sortingText, type Column } from "../../common/table";
import { Since, Time } from "../../common/time";
import classes from "./topics.module.css";

const columns: Array<Column<Publisher>> = [
  {
    id: "name",
    title: "Publisher",
    width: "minmax(10rem, 2fr)",
    sort: "name",
    cell: (each) => <Name of={each.name} />,
  },
  {
    id: "channel",
    title: "Channel",
    width: "minmax(7rem, 1fr)",
    sort: "channel",
    from: 480,
    cell: (each) => <Name of={each.channel} empty="admin endpoint" />,
  },
  {
    id: "messages",
    title: "Messages",
    width: "minmax(6.5rem, 1fr)",
    align: "end",
    sort: "messages",
    cell: (each) => count(each.messages),
  },
  {
    id: "ago",
    title: "Last published",
    width: "minmax(8.5rem, 1fr)",
    align: "end",
    sort: "last_at",
    from: 400,
    cell: (each) => (
      <>
        <Since at={each.last_at} /> ago
      </>
    ),
  },
  {
    id: "at",
    title: "At",
    width: "minmax(13.5rem, 1fr)",
    align: "end",
    sort: "last_at",
    from: 860,
    cell: (each) => <Time at={each.last_at} />,
  },
];

/** Who has published to a topic lately. */
export function Publishers(props: { path: string }) {
  const [query, setQuery] = useQueryParams();
  const sort = query.get("sort") ?? "-last_at";
  const live = useLive<List<Publisher>>(
    withQuery(`${props.path}/publishers`, { limit: 1000, sort }),
  );
  const list = useKept(live.value);
  const { ref, width, shown } = useRoom(columns);
  return (
    <div className={classes.stack}>
      <div ref={ref}>
        {!list && !live.problem && <Loading what="Loading publishers" />}
        {!list && live.problem && <Failed error={live.problem} />}
        {list && (
          <DataTable
            label="Publishers"
            columns={shown}
            room={width}
            count={list.items.length}
            row={(index) => list.items[index]}
            rowKey={(each) => `${each.name}\n${each.channel}`}
            sorting={parseSorting(sort)}
            onSort={(next) => setQuery({ sort: sortingText(next) })}
            maxHeight="max(20rem, 100dvh - 22rem)"
            empty={<Empty title="Nobody has published lately" />}
          />
        )}
      </div>
      {list && (
        <div className={`dim ${classes.below}`}>{plural(list.total, "publisher")} remembered</div>
      )}
    </div>
  );
}
