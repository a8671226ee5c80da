import { Button, Menu } from "@mantine/core";
import {
  IconChevronDown,
  IconMessage,
  IconPhoneCall,
  IconPlugConnectedX,
} from "@tabler/icons-react";

export type BulkVerb = "close" | "invoke" | "broadcast";

/** What can be done to all that the list shows. */
export function BulkMenu(props: { filtered: boolean; onChoose: (verb: BulkVerb) => void }) {
  const whom = props.filtered ? "these" : "all";
  return (
    <Menu position="bottom-end" withinPortal shadow="md">
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
          Actions
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{props.filtered ? "For all that match" : "For everybody"}</Menu.Label>
        <Menu.Item
          leftSection={<IconMessage size={16} aria-hidden />}
          onClick={() => props.onChoose("broadcast")}
        >
          Message {whom}
          {"\u2026"}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconPhoneCall size={16} aria-hidden />}
          onClick={() => props.onChoose("invoke")}
        >
          Call {whom}
          {"\u2026"}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          color="red"
          leftSection={<IconPlugConnectedX size={16} aria-hidden />}
          onClick={() => props.onChoose("close")}
        >
          Close {whom}
          {"\u2026"}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
