import { ActionIcon, Menu } from "@mantine/core";
import { IconDotsVertical } from "@tabler/icons-react";

import type { Channel } from "../../api/types";
import { visible } from "../../common/visible";
import type { useChannelActions } from "./use_channel_actions";

/** What an administrator can do to a channel, at its row. */
export function ChannelMenu(props: {
  channel: Channel;
  actions: ReturnType<typeof useChannelActions>;
  onEdit: () => void;
}) {
  const { channel, actions } = props;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Actions for ${visible(channel.name, 80)}`}
        >
          <IconDotsVertical size={16} stroke={1.6} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={props.onEdit}>Edit</Menu.Item>
        {channel.is_active ? (
          <Menu.Item onClick={() => void actions.deactivate(channel)}>Deactivate</Menu.Item>
        ) : (
          <Menu.Item onClick={() => void actions.activate(channel)}>Activate</Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item color="red" onClick={() => void actions.remove(channel)}>
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
