import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useLocation } from "wouter";

import { useLive } from "../../api/live";
import { useMay } from "../../api/session";
import type { Channel, List } from "../../api/types";
import { count, plural } from "../../common/format";
import { Page } from "../../common/page";
import { useQueryState } from "../../common/query_state";
import { useRoom } from "../../common/room";
import { findRows } from "../../common/rows";
import { Said } from "../../common/said";
import { SearchBox } from "../../common/search_box";
import { sortRows } from "../../common/sort_rows";
import { Empty, ErrorLine, Failed, Loading } from "../../common/states";
import { DataTable, parseSorting, sortingText, type Column } from "../../common/table";
import { to } from "../../shell/routes";
import { ChannelMenu } from "./channel_menu";
import { channelColumns } from "./columns";
import { CreateChannel } from "./create_channel";
import { useChannelActions } from "./use_channel_actions";
import classes from "./channels.module.css";

/** So many the endpoint lists at once. */
const most = 1000;

export default function Channels() {
  const [creates, setCreates] = useQueryState("create");
  const mayEdit = useMay("admin");
  if (creates && mayEdit) return <CreateChannel onCancel={() => setCreates("", true)} />;
  return <ChannelList onCreate={() => setCreates("1", true)} />;
}

function ChannelList(props: { onCreate: () => void }) {
  const live = useLive<List<Channel>>(`/channels?limit=${most}&sort=name`);
  const mayEdit = useMay("admin");
  const [, go] = useLocation();
  const [words, setWords] = useQueryState("q");
  const [sort, setSort] = useQueryState("sort", "name");
  const [said, setSaid] = useState("");
  const actions = useChannelActions({ onSaid: setSaid });

  const [narrow, setNarrow] = useState(false);
  const columns = channelColumns(narrow);
  const menu: Column<Channel> = {
    id: "actions",
    title: "",
    width: "3.25rem",
    cell: (channel) => (
      <ChannelMenu
        channel={channel}
        actions={actions}
        onEdit={() => go(`${to.channel(channel.name)}?edit=1`)}
      />
    ),
  };
  const { ref, shown, width } = useRoom(mayEdit ? [...columns, menu] : columns);
  if (width > 0 && width < 620 !== narrow) setNarrow(width < 620);

  const all = live.value?.items ?? [];
  const rows = sortRows(
    findRows(all, words, (each) => [each.name, each.path, each.listener, each.service]),
    parseSorting(sort),
  );
  const create = mayEdit && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={props.onCreate}>
      Create channel
    </Button>
  );

  return (
    <Page title="Channels" about="Where clients connect, and by which rules." actions={create}>
      {live.value ? (
        <>
          <div className={classes.tools}>
            <SearchBox label="Find a channel" value={words} onChange={setWords} />
            <Said text={said} onGone={() => setSaid("")} />
            <span className="dim num">
              {words ? `${count(rows.length)} of ` : ""}
              {plural(live.value.total, "channel")}
              {live.value.total > most && `; the first ${count(most)} by name are here`}
            </span>
          </div>
          <ErrorLine error={actions.error} />
          <div ref={ref}>
            <DataTable
              label="Channels"
              columns={shown}
              count={rows.length}
              row={(index) => rows[index]}
              rowKey={(channel) => channel.name}
              sorting={parseSorting(sort)}
              onSort={(next) => setSort(sortingText(next))}
              onOpen={(channel) => go(to.channel(channel.name))}
              maxHeight="calc(100dvh - 14rem)"
              empty={
                all.length > 0 ? (
                  <Empty title="No channel is called so">
                    Names, paths, listeners and services are searched.
                  </Empty>
                ) : (
                  <Empty title="There are no channels yet">
                    {mayEdit
                      ? "Clients can connect once there is one."
                      : "An administrator can create one."}
                  </Empty>
                )
              }
            />
          </div>
        </>
      ) : live.problem ? (
        <Failed error={live.problem} />
      ) : (
        <Loading />
      )}
      {actions.dialog}
    </Page>
  );
}
