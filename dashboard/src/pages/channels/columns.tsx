import { Link } from "wouter";

import type { Channel } from "../../api/types";
import { count } from "../../common/format";
import { Name } from "../../common/name";
import type { Column } from "../../common/table";
import { to } from "../../shell/routes";
import { StateMark } from "./state_mark";
import classes from "./channels.module.css";

/** The columns of the list of channels, without what can be done to one. */
export function channelColumns(narrow: boolean): Array<Column<Channel>> {
  return [
    {
      id: "name",
      title: "Name",
      width: "minmax(8rem, 8fr)",
      sort: "name",
      cell: (channel) => (
        <span className={classes.nameCell}>
          <Link href={to.channel(channel.name)} className={classes.name}>
            <Name of={channel.name} />
          </Link>
          {narrow && !channel.is_active && <StateMark active={false} />}
        </span>
      ),
    },
    {
      id: "path",
      title: "Path",
      width: "minmax(7rem, 7fr)",
      sort: "path",
      from: 480,
      cell: (channel) => <Name of={channel.path} mono />,
    },
    {
      id: "listener",
      title: "Listener",
      width: "minmax(6rem, 6fr)",
      sort: "listener",
      from: 1000,
      cell: (channel) => <Name of={channel.listener} />,
    },
    {
      id: "service",
      title: "Service",
      width: "minmax(7rem, 7fr)",
      sort: "service",
      from: 900,
      cell: (channel) => <Name of={channel.service} />,
    },
    {
      id: "security",
      title: "Security",
      width: "minmax(6rem, 6fr)",
      sort: "security",
      from: 760,
      cell: (channel) => channel.security,
    },
    {
      id: "is_active",
      title: "State",
      width: "6rem",
      sort: "is_active",
      from: 620,
      cell: (channel) => <StateMark active={channel.is_active} />,
    },
    {
      id: "connections",
      title: "Connections",
      width: "7.5rem",
      sort: "connections",
      align: "end",
      cell: (channel) => (
        <Link
          href={to.connectionsOf(channel.name)}
          title="Show the connections of this channel"
          className={channel.connections === 0 ? classes.none : undefined}
        >
          {count(channel.connections)}
        </Link>
      ),
    },
    {
      id: "sessions",
      title: "Sessions",
      width: "6.5rem",
      sort: "sessions",
      align: "end",
      from: 680,
      cell: (channel) => count(channel.sessions),
      about: "Connections that have opened a session",
    },
    {
      id: "from_file",
      title: "Defined",
      width: "6.5rem",
      sort: "from_file",
      from: 1000,
      cell: (channel) => <span className="dim">{channel.from_file ? "in the file" : "here"}</span>,
      about: "In the configuration file, which wins at the next start, or over the admin endpoint",
    },
  ];
}
