import {
  IconApi,
  IconBroadcast,
  IconGauge,
  IconKey,
  IconPlugConnected,
  IconRoute,
  IconTopologyStar3,
  IconUsers,
  type Icon,
} from "@tabler/icons-react";

import type { Role } from "../api/session";
import { segment } from "../api/client";

export interface Place {
  title: string;
  href: string;
  icon: Icon;
  needs: Role;
  /** What the palette also finds it by. */
  words?: string;
}

/** What the navigation and the palette show, in this order. */
export const places: Place[] = [
  { title: "Overview", href: "/", icon: IconGauge, needs: "viewer", words: "home rates load" },
  {
    title: "Connections",
    href: "/connections",
    icon: IconPlugConnected,
    needs: "viewer",
    words: "clients who",
  },
  {
    title: "Channels",
    href: "/channels",
    icon: IconRoute,
    needs: "viewer",
    words: "endpoints paths",
  },
  {
    title: "Topics",
    href: "/topics",
    icon: IconBroadcast,
    needs: "viewer",
    words: "publish subscribe",
  },
  {
    title: "Services",
    href: "/services",
    icon: IconTopologyStar3,
    needs: "viewer",
    words: "calls errors",
  },
  {
    title: "Users",
    href: "/users",
    icon: IconUsers,
    needs: "admin",
    words: "accounts roles passwords",
  },
  { title: "API tokens", href: "/tokens", icon: IconKey, needs: "admin", words: "keys bearer" },
  {
    title: "API reference",
    href: "/reference",
    icon: IconApi,
    needs: "viewer",
    words: "openapi docs documentation",
  },
];

/** Where one thing is shown. */
export const to = {
  connection: (id: string) => `/connections/${segment(id)}`,
  connectionsOf: (channel: string) => `/connections?channel=${segment(channel)}`,
  channel: (name: string) => `/channels/${segment(name)}`,
  topic: (name: string) => `/topics/${segment(name)}`,
  subscription: (key: string) => `/subscriptions/${segment(key)}`,
  operation: (id: string) => `/operations/${segment(id)}`,
};

/**
 * The name at the end of a path, to the letter. The router decodes paths as wholes, which leaves
 * the slashes in names of topics encoded and takes "%25" for a part of something else.
 */
export function nameIn(path: string): string {
  const last = path.replace(/\/$/, "").split("/").pop() ?? "";
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
