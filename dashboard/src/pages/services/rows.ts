import { useRef } from "react";

import { useLive, useLiveState } from "../../api/live";
import type { Problem } from "../../api/problem";
import type { List, Service } from "../../api/types";
import { useNow } from "../../common/clock";
import { Growth } from "./growth";
import { usesOf, type Use, type UserChannel } from "./use";

/** A service with what is only known by watching it. */
export interface ServiceRow extends Service {
  /** Calls a second, lately; undefined while that is not known. */
  rate: number | undefined;
  /** Errors within the last minute, as long as the page was open. */
  errors_lately: number;
  uses: Use[];
  /** How many channels use it: to sort by. */
  channels: number;
}

/** `rows` is undefined until they are there. */
export function useServices(): { rows?: ServiceRow[]; total: number; problem?: Problem } {
  const services = useLive<List<Service>>("/services?limit=1000");
  const channels = useLive<List<UserChannel>>(
    "/channels?limit=1000&fields=name,is_active,service,services_allowed,connections",
  );
  const now = useNow();
  const calls = useRef(new Growth(10)).current;
  const errors = useRef(new Growth(60)).current;
  // What is shown while the server is away was true when it was last seen.
  const away = useLiveState() === "away";
  if (!away && services.value) {
    const names = new Set(services.value.items.map((each) => each.name));
    calls.keep(names);
    errors.keep(names);
    for (const each of services.value.items) {
      calls.note(each.name, each.calls, now);
      errors.note(each.name, each.errors, now);
    }
  }
  const rows = services.value?.items.map((each) => {
    const uses = usesOf(each.name, channels.value?.items ?? []);
    return {
      ...each,
      rate: calls.rate(each.name),
      errors_lately: errors.grown(each.name),
      uses,
      channels: uses.length,
    };
  });
  return { rows, total: services.value?.total ?? 0, problem: services.problem };
}

const kinds: Record<string, string> = { builtin: "built in", http: "HTTP", custom: "custom" };
/** What kind of service it is, in a word. */
export function kindOf(kind: string): string {
  return kinds[kind] ?? kind;
}
