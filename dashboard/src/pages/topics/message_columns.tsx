import { bytes, count } from "../../common/format";
import { Name } from "../../common/name";
import type { Column } from "../../common/table";
import { Time } from "../../common/time";
import { preview, type ListedMessage } from "./message";

export const messageColumns: Array<Column<ListedMessage>> = [
  {
    id: "seq",
    title: "Seq",
    width: "minmax(5rem, 0.4fr)",
    align: "end",
    about: "Grows by one from message to message of the topic",
    cell: (message) => count(message.seq),
  },
  {
    id: "published",
    title: "Published",
    width: "minmax(13.5rem, 0.7fr)",
    from: 560,
    cell: (message) => <Time at={message.published_at} />,
  },
  {
    id: "data",
    title: "Data",
    width: "minmax(12rem, 4fr)",
    cell: (message) => <Name of={preview(message)} mono />,
  },
  {
    id: "size",
    title: "Size",
    width: "minmax(5rem, 0.4fr)",
    align: "end",
    from: 440,
    cell: (message) => bytes(message.size),
  },
  {
    id: "priority",
    title: "Priority",
    width: "5rem",
    align: "end",
    from: 1000,
    about: "1 to 9; higher ones are delivered first",
    cell: (message) =>
      message.priority === 5 ? <span className="dim">5</span> : <b>{message.priority}</b>,
  },
  {
    id: "key",
    title: "Key",
    width: "minmax(6rem, 0.8fr)",
    from: 1100,
    about: "Of messages with the same key only the newest waits",
    cell: (message) => <Name of={message.key} />,
  },
  {
    id: "publisher",
    title: "Publisher",
    width: "minmax(9rem, 1fr)",
    from: 800,
    cell: (message) => <Name of={message.publisher} />,
  },
];
