import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { Link, useLocation } from "wouter";

import { segment } from "../../api/client";
import { useLive } from "../../api/live";
import { useMay } from "../../api/session";
import type { Channel } from "../../api/types";
import { count, plural } from "../../common/format";
import { Name } from "../../common/name";
import { Page } from "../../common/page";
import { useQueryState } from "../../common/query_state";
import { Said } from "../../common/said";
import { ErrorLine, Failed, Loading } from "../../common/states";
import { to } from "../../shell/routes";
import { useChannelFields } from "./channel_fields";
import { ChannelView } from "./channel_view";
import { EditChannel } from "./edit_channel";
import { StateMark } from "./state_mark";
import { useChannelActions } from "./use_channel_actions";
import classes from "./channels.module.css";

export default function ChannelPage({ name }: { name: string }) {
  const live = useLive<Channel>(`/channels/${segment(name)}`);
  const { fields, error, refetch } = useChannelFields();
  const [edits, setEdits] = useQueryState("edit");
  const mayEdit = useMay("admin");
  const [said, setSaid] = useState("");
  const [, go] = useLocation();
  const actions = useChannelActions({
    onSaid: setSaid,
    onDeleted: () => go("/channels", { replace: true }),
  });
  const channel = live.problem?.status === 404 ? undefined : live.value;
  // The form is longer than the page that it gives way to, and the other way round.
  useEffect(() => {
    window.scrollTo({ top: 0 });
  }, [edits]);
  const editing = Boolean(edits) && mayEdit && fields !== undefined;

  return (
    <Page
      title={editing ? `Edit ${name}` : name}
      heading={
        <span className={classes.heading}>
          <Link href="/channels" className={classes.back}>
            Channels
          </Link>
          <span className="dim" aria-hidden>
            /
          </span>
          <Name of={name} wrap />
          {channel && <StateMark active={channel.is_active} />}
        </span>
      }
      about={channel && <About channel={channel} />}
      actions={
        channel &&
        !editing && (
          <>
            <Button
              component={Link}
              href={to.connectionsOf(name)}
              variant="default"
              className="num"
            >
              {plural(channel.connections, "connection")}
            </Button>
            {mayEdit && (
              <>
                {channel.is_active ? (
                  <Button variant="default" onClick={() => void actions.deactivate(channel)}>
                    Deactivate
                  </Button>
                ) : (
                  <Button variant="default" onClick={() => void actions.activate(channel)}>
                    Activate
                  </Button>
                )}
                <Button
                  variant="default"
                  className={classes.deletes}
                  onClick={() => void actions.remove(channel)}
                >
                  Delete
                </Button>
                <Button onClick={() => setEdits("1", true)}>Edit</Button>
              </>
            )}
          </>
        )
      }
    >
      <Said text={said} onGone={() => setSaid("")} />
      <ErrorLine error={actions.error} />
      {editing ? (
        <EditChannel
          name={name}
          fields={fields}
          onCancel={() => setEdits("", true)}
          onSaved={(closed) => {
            setSaid(
              closed > 0
                ? `Saved; ${plural(closed, "connection was", "connections were")} closed`
                : "Saved; every connection stayed",
            );
            setEdits("");
          }}
        />
      ) : error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : channel && fields ? (
        <ChannelView channel={channel} fields={fields} />
      ) : live.problem ? (
        <Failed error={live.problem} />
      ) : (
        <Loading />
      )}
      {actions.dialog}
    </Page>
  );
}

function About({ channel }: { channel: Channel }) {
  return (
    <span className={classes.about}>
      <Name of={channel.path} mono wrap />
      <span>
        on listener <Name of={channel.listener} wrap />
      </span>
      <span className="num">{count(channel.sessions)} with a session</span>
      {channel.from_file && <span>from the configuration file, which wins at the next start</span>}
    </span>
  );
}
