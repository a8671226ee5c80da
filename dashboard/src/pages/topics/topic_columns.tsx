import { ActionIcon } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { Link } from "wouter";

import type { Topic } from "../../api/types";
import { bytes, count, rate } from "../../common/format";
import { Name } from "../../common/name";
import type { Column } from "../../common/table";
import { Since } from "../../common/time";
import { visible } from "../../common/visible";
import { to } from "../../shell/routes";
import { Tag } from "./tag";
import classes from "./topics.module.css";

/** `remove` is there for who may. */
export function topicColumns(remove?: (topic: Topic) => void): Array<Column<Topic>> {
  const columns: Array<Column<Topic>> = [
    {
      id: "name",
      title: "Name",
      width: "minmax(11rem, 3fr)",
      sort: "name",
      cell: (topic) => (
        <span className={classes.named}>
          <Link href={to.topic(topic.name)} className={classes.link}>
            <Name of={topic.name} />
          </Link>
          {!topic.is_active && <Tag kind="warn">inactive</Tag>}
        </span>
      ),
    },
    {
      id: "durable",
      title: "Kept",
      width: "minmax(6.5rem, 0.6fr)",
      sort: "durable",
      from: 760,
      about: "Durable: messages are on the disk before their publishers get an answer",
      cell: (topic) => (topic.durable ? "durable" : <span className="dim">in memory</span>),
    },
    {
      id: "messages",
      title: "Messages",
      width: "minmax(6.5rem, 1fr)",
      align: "end",
      sort: "messages",
      from: 460,
      cell: (topic) => count(topic.messages),
    },
    {
      id: "bytes",
      title: "Size",
      width: "minmax(5.5rem, 1fr)",
      align: "end",
      sort: "bytes",
      from: 860,
      cell: (topic) => bytes(topic.bytes),
    },
    {
      id: "rate",
      title: "Published/s",
      width: "minmax(7rem, 1fr)",
      align: "end",
      sort: "publish_rate",
      about: "Messages published a second, over the last ten",
      cell: (topic) => rate(topic.publish_rate),
    },
    {
      id: "subscriptions",
      title: "Subscribed",
      width: "minmax(7rem, 1fr)",
      align: "end",
      sort: "subscriptions",
      from: 620,
      about: "Subscriptions that a connection has now, of all",
      cell: (topic) =>
        topic.attached === topic.subscriptions ? (
          count(topic.subscriptions)
        ) : (
          <>
            {count(topic.attached)} <span className="dim">of {count(topic.subscriptions)}</span>
          </>
        ),
    },
    {
      id: "depth",
      title: "Waiting",
      width: "minmax(6.5rem, 1fr)",
      align: "end",
      sort: "depth",
      from: 980,
      about: "Deliveries that wait in the queues of all subscriptions",
      cell: (topic) => count(topic.depth),
    },
    {
      id: "last",
      title: "Last published",
      width: "minmax(8.5rem, 1fr)",
      align: "end",
      sort: "last_published_at",
      from: 1100,
      cell: (topic) =>
        topic.last_published_at ? (
          <>
            <Since at={topic.last_published_at} /> ago
          </>
        ) : (
          <span className="dim">never</span>
        ),
    },
  ];
  if (remove)
    columns.push({
      id: "actions",
      title: "Delete",
      width: "4.75rem",
      align: "end",
      from: 620,
      cell: (topic) => (
        <ActionIcon
          variant="subtle"
          color="gray"
          onClick={() => remove(topic)}
          aria-label={`Delete topic ${visible(topic.name, 80)}`}
          title="Delete"
        >
          <IconTrash size={16} stroke={1.6} />
        </ActionIcon>
      ),
    });
  return columns;
}
