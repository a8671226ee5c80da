import { useDebouncedValue } from "@mantine/hooks";
import { useMemo } from "react";
import { useLocation } from "wouter";

import { withQuery } from "../../api/client";
import { useLive } from "../../api/live";
import type { List, Subscription } from "../../api/types";
import { count, plural } from "../../common/format";
import { useKept } from "../../common/kept";
import { useQueryParams } from "../../common/query_params";
import { useRoom } from "../../common/room";
import { SearchBox } from "../../common/search_box";
import { Empty, Failed, Loading } from "../../common/states";
import { DataTable, parseSorting, sortingText } from "../../common/table";
import { to } from "../../shell/routes";
import { subscriptionColumns } from "./subscription_columns";
import classes from "./topics.module.css";

/** Who reads a topic, or would if they were there. */
export function Subscriptions(props: { path: string; total: number }) {
  const [query, setQuery] = useQueryParams();
  const [, go] = useLocation();
  const sort = query.get("sort") ?? "subscribed_at";
  const search = query.get("search") ?? "";
  const [settled] = useDebouncedValue(search.trim(), 250);
  const live = useLive<List<Subscription>>(
    withQuery(`${props.path}/subscriptions`, { limit: 1000, sort, search: settled }),
  );
  const list = useKept(live.value);
  const rows = useMemo(() => {
    const needle = search.trim().toLowerCase();
    const has = (text: string | null) => text?.toLowerCase().includes(needle) ?? false;
    return (list?.items ?? []).filter(
      (each) => has(each.client_id) || has(each.channel) || has(each.connection_id),
    );
  }, [list, search]);
  const { ref, width, shown } = useRoom(subscriptionColumns);

  return (
    <div className={classes.stack}>
      <div className={classes.tools}>
        <SearchBox
          label="Search subscriptions"
          placeholder="Search by client, channel, connection"
          value={search}
          onChange={(text) => setQuery({ search: text })}
        />
      </div>
      <div ref={ref}>
        {!list && !live.problem && <Loading what="Loading subscriptions" />}
        {!list && live.problem && <Failed error={live.problem} />}
        {list && (
          <DataTable
            label="Subscriptions"
            columns={shown}
            room={width}
            count={rows.length}
            row={(index) => rows[index]}
            rowKey={(each) => each.sub_key}
            sorting={parseSorting(sort)}
            onSort={(next) => setQuery({ sort: sortingText(next) })}
            onOpen={(each) => go(to.subscription(each.sub_key))}
            maxHeight="max(20rem, 100dvh - 22rem)"
            empty={
              search ? (
                <Empty title="No subscription is of this client" />
              ) : (
                <Empty title="Nobody is subscribed">
                  Clients subscribe themselves; an operator can do it for one on its page.
                </Empty>
              )
            }
          />
        )}
      </div>
      {list && (
        <div className={`dim ${classes.below}`}>
          {list.total > list.items.length
            ? `The first ${count(list.items.length)} of ${plural(list.total, "subscription")} in this order`
            : plural(rows.length, "subscription")}
        </div>
      )}
    </div>
  );
}
