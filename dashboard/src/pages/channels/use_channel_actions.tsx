import { useState, type ReactNode } from "react";

import { call, segment } from "../../api/client";
import type { Channel } from "../../api/types";
import { useConfirm } from "../../common/confirm";
import { plural } from "../../common/format";
import { Name } from "../../common/name";
import { Closes } from "./closes";
import classes from "./channels.module.css";

interface Checked {
  closes: string[];
}

/**
 * What can be done to a channel as a whole. Before it, the server says which connections it would
 * close, and the question names them.
 */
export function useChannelActions(options: {
  onSaid: (text: string) => void;
  onDeleted?: (name: string) => void;
}) {
  const { ask, dialog } = useConfirm();
  const [error, setError] = useState<unknown>();
  const { onSaid } = options;

  const attempt = async (work: () => Promise<void>) => {
    setError(undefined);
    try {
      await work();
    } catch (failure) {
      setError(failure);
    }
  };
  const path = (channel: Channel) => `/channels/${segment(channel.name)}`;

  const activate = (channel: Channel) =>
    attempt(async () => {
      await call("PATCH", path(channel), { body: { is_active: true } });
      onSaid(`Channel ${channel.name} is active: clients may connect`);
    });

  const deactivate = (channel: Channel) =>
    attempt(async () => {
      const body = { is_active: false };
      const { closes } = await call<Checked>("PATCH", path(channel), {
        body,
        query: { dry_run: true },
      });
      ask({
        title: "Deactivate channel",
        verb: "Deactivate channel",
        hurts: true,
        text: (
          <Text
            channel={channel}
            ids={closes}
            what="takes no clients until it is activated again"
          />
        ),
        act: async () => {
          await call("PATCH", path(channel), { body });
          onSaid(`Channel ${channel.name} is not active any more`);
        },
      });
    });

  const remove = (channel: Channel) =>
    attempt(async () => {
      const { closes } = await call<Checked>("DELETE", path(channel), {
        query: { dry_run: true },
      });
      ask({
        title: "Delete channel",
        verb: "Delete channel",
        hurts: true,
        text: (
          <Text channel={channel} ids={closes} what="is deleted, with its users and keys">
            {channel.from_file && (
              <p className={classes.caution}>
                The configuration file has this channel: it is there again after the next start
                unless it is taken out of the file.
              </p>
            )}
          </Text>
        ),
        act: async () => {
          await call("DELETE", path(channel));
          onSaid(`Channel ${channel.name} has been deleted`);
          options.onDeleted?.(channel.name);
        },
      });
    });

  return { activate, deactivate, remove, error, dialog };
}

function Text(props: { channel: Channel; ids: string[]; what: string; children?: ReactNode }) {
  const { channel, ids, what } = props;
  return (
    <>
      <p className={classes.first}>
        Channel{" "}
        <strong>
          <Name of={channel.name} wrap />
        </strong>{" "}
        {what}.{" "}
        {ids.length > 0 ? (
          <strong className="bad">{plural(ids.length, "connection")} will be closed:</strong>
        ) : (
          "No connection has to be closed."
        )}
      </p>
      {ids.length > 0 && <Closes ids={ids} channel={channel.name} />}
      {props.children}
    </>
  );
}
