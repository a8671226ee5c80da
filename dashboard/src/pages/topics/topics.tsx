import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useLocation } from "wouter";

import { withQuery } from "../../api/client";
import { useLive } from "../../api/live";
import { useMay } from "../../api/session";
import type { List, Topic } from "../../api/types";
import { useConfirm } from "../../common/confirm";
import { count, plural } from "../../common/format";
import { useKept } from "../../common/kept";
import { Page } from "../../common/page";
import { useQueryParams } from "../../common/query_params";
import { useRoom } from "../../common/room";
import { SearchBox } from "../../common/search_box";
import { Empty, Failed, Loading } from "../../common/states";
import { DataTable, parseSorting, sortingText } from "../../common/table";
import { to } from "../../shell/routes";
import { deletion } from "./deletion";
import { NewTopic } from "./new_topic";
import { topicColumns } from "./topic_columns";
import classes from "./topics.module.css";

/** All topics, live. */
export default function Topics() {
  const [query, setQuery] = useQueryParams();
  const [, go] = useLocation();
  const admin = useMay("admin");
  const [making, setMaking] = useState(false);
  const { ask, dialog } = useConfirm();

  const sort = query.get("sort") ?? "name";
  const search = query.get("search") ?? "";
  // The server searches too: there may be more topics than come at once.
  const [settled] = useDebouncedValue(search.trim(), 250);
  const path = withQuery("/topics", { limit: 1000, sort, search: settled });
  const live = useLive<List<Topic>>(path);
  const list = useKept(live.value);

  const rows = useMemo(() => {
    const needle = search.trim().toLowerCase();
    return (list?.items ?? []).filter((each) => each.name.toLowerCase().includes(needle));
  }, [list, search]);
  const columns = useMemo(
    () => topicColumns(admin ? (topic) => ask(deletion(topic)) : undefined),
    // `ask` is the same all along
    [admin],
  );
  const { ref, width, shown } = useRoom(columns);

  const newTopic = admin && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
      New topic
    </Button>
  );
  return (
    <Page
      title="Topics"
      fill
      about={list ? summary(list, rows.length, search) : "\u00a0"}
      actions={newTopic}
    >
      <div className={classes.tools}>
        <SearchBox
          label="Search topics by name"
          placeholder="Search by name"
          value={search}
          onChange={(text) => setQuery({ search: text })}
        />
      </div>
      <div ref={ref} className={classes.fill}>
        {!list && !live.problem && <Loading what="Loading topics" />}
        {!list && live.problem && <Failed error={live.problem} />}
        {list && (
          <DataTable
            label="Topics"
            columns={shown}
            room={width}
            count={rows.length}
            row={(index) => rows[index]}
            rowKey={(topic) => topic.name}
            sorting={parseSorting(sort)}
            onSort={(next) => setQuery({ sort: sortingText(next) })}
            onOpen={(topic) => go(to.topic(topic.name))}
            empty={
              search ? (
                <Empty title="No topic is called so">
                  <Button variant="default" onClick={() => setQuery({ search: undefined })}>
                    Show all
                  </Button>
                </Empty>
              ) : (
                <Empty title="There are no topics yet">
                  Clients publish to topics and subscribe to them.{" "}
                  {admin ? "Make the first one." : "An administrator makes them."}
                </Empty>
              )
            }
          />
        )}
      </div>
      {making && <NewTopic onClose={() => setMaking(false)} />}
      {dialog}
    </Page>
  );
}

function summary(list: List<Topic>, shown: number, search: string): string {
  if (list.total > list.items.length)
    return `The first ${count(list.items.length)} of ${plural(list.total, "topic")} in this order`;
  return search ? `${plural(shown, "topic")} found` : plural(list.total, "topic");
}
