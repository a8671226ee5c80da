import { Select } from "@mantine/core";
import { useCallback } from "react";

import { useLive } from "../../api/live";
import type { List } from "../../api/types";
import { visible } from "../../common/visible";
import { ClientSearch } from "./client_search";
import type { Attribute } from "./columns";
import classes from "./connections.module.css";
import type { Changes, Filters } from "./filters";
import { SelectorBox } from "./selector_box";

/** Names only: their counts would come every second. */
const channelsPath = "/channels?limit=1000&fields=name&sort=name";

export function FilterBar(props: {
  filters: Filters;
  attributes?: Attribute[];
  change: (changes: Changes) => void;
  /** What the server said of the selector. */
  problem?: unknown;
}) {
  const { filters, change } = props;
  const channels = useLive<List<{ name: string }>>(channelsPath).value?.items ?? [];
  const names = channels.map((each) => each.name);
  // One that an address names and that is gone stays visible as what is chosen.
  if (filters.channel && !names.includes(filters.channel)) names.push(filters.channel);

  const onClient = useCallback((client_id: string) => change({ client_id }), [change]);
  const onSelector = useCallback((selector: string) => change({ selector }), [change]);
  return (
    <div className={classes.bar} role="search" aria-label="Filter connections">
      <div className={classes.find}>
        <ClientSearch value={filters.client_id} onChange={onClient} />
      </div>
      <Select
        className={classes.channel}
        aria-label="Channel"
        placeholder="All channels"
        data={names.map((name) => ({ value: name, label: visible(name, 80) }))}
        value={filters.channel || null}
        onChange={(channel) => change({ channel: channel ?? "" })}
        clearable
        clearButtonProps={{ "aria-label": "All channels" }}
        searchable={names.length > 10}
        nothingFoundMessage="No channel is called so"
      />
      <div className={classes.selector}>
        <SelectorBox
          value={filters.selector}
          attributes={props.attributes}
          onApply={onSelector}
          problem={props.problem}
        />
      </div>
    </div>
  );
}
