import { Combobox, Modal, ScrollArea, TextInput, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useLocation } from "wouter";

import { get } from "../api/client";
import { useSession, type Role } from "../api/session";
import { Name } from "../common/name";
import { switchZone } from "../common/zone";
import { places, to } from "./routes";

let open = false;
const listeners = new Set<() => void>();
function setOpen(next: boolean): void {
  open = next;
  for (const each of [...listeners]) each();
}
/** Opens the palette: pages, channels, topics, connections, by what one types. */
export function openPalette(): void {
  setOpen(true);
}

interface Entry {
  key: string;
  group: string;
  title: string;
  about?: string;
  run: () => void;
}

const rank: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

export function Palette() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => open,
  );
  useShortcuts();
  return (
    <Modal
      opened={shown}
      onClose={() => setOpen(false)}
      withCloseButton={false}
      centered={false}
      padding={0}
      yOffset="12vh"
      size="lg"
      attributes={{ content: { "aria-label": "Go to or find" } }}
    >
      {shown && <PaletteBody onDone={() => setOpen(false)} />}
    </Modal>
  );
}

/** Ctrl+K (and Cmd+K) anywhere; `/` goes to the page's search, or here when it has none. */
function useShortcuts() {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        openPalette();
        return;
      }
      const target = event.target as HTMLElement;
      const typing = target.closest(
        "input, textarea, select, [contenteditable=true], [role=textbox]",
      );
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      const search = document.querySelector<HTMLInputElement>("main input[type=search]");
      if (search) search.focus();
      else openPalette();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

function PaletteBody(props: { onDone: () => void }) {
  const [text, setText] = useState("");
  const combobox = useCombobox({
    // Else neither the arrows nor Enter do anything; Escape closes it.
    opened: true,
    onOpenedChange: (opened) => opened || props.onDone(),
  });
  const entries = useEntries(text.trim());
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    combobox.selectFirstOption();
    // the store is the same all along
  }, [entries.length, text]);

  const groups = [...new Set(entries.map((each) => each.group))];
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(key) => {
        props.onDone();
        entries.find((each) => each.key === key)?.run();
      }}
    >
      <Combobox.EventsTarget>
        <TextInput
          ref={input}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          placeholder="A page, a channel, a topic, a client id or a connection id"
          aria-label="Go to or find"
          leftSection={<IconSearch size={16} />}
          size="md"
          variant="unstyled"
          styles={{ input: { outline: "none" } }}
          pl="xs"
          data-autofocus
        />
      </Combobox.EventsTarget>
      <ScrollArea.Autosize mah="50vh" style={{ borderTop: "1px solid var(--line)" }}>
        <Combobox.Options aria-label="Found" p={6}>
          {entries.length === 0 && <Combobox.Empty>Nothing is called so</Combobox.Empty>}
          {groups.map((group) => (
            <Combobox.Group key={group} label={group}>
              {entries
                .filter((each) => each.group === group)
                .map((each) => (
                  <Combobox.Option key={each.key} value={each.key}>
                    <Name of={each.title} max={120} />{" "}
                    <Name of={each.about ?? ""} empty="" max={80} dim />
                  </Combobox.Option>
                ))}
            </Combobox.Group>
          ))}
        </Combobox.Options>
      </ScrollArea.Autosize>
    </Combobox>
  );
}

interface Listed {
  items: Array<Record<string, string | null>>;
}

function useEntries(text: string): Entry[] {
  const [, go] = useLocation();
  const { who } = useSession();
  const [needle] = useDebouncedValue(text, 120);
  const find = (path: string, query: Record<string, string | number>) => ({
    queryKey: ["palette", path, query],
    queryFn: ({ signal }: { signal: AbortSignal }) => get<Listed>(path, query, signal),
    placeholderData: keepPreviousData,
    staleTime: 5000,
  });
  const channels = useQuery(find("/channels", { limit: 1000, fields: "name,path" }));
  const topics = useQuery(find("/topics", { limit: 1000, fields: "name" }));
  const clients = useQuery({
    ...find("/connections", {
      limit: 8,
      fields: "id,client_id,client_name,channel",
      ...(/^ws\.[0-9a-f]*$/.test(needle)
        ? { selector: `id ~ "${needle}*"` }
        : { client_id: needle }),
    }),
    enabled: needle.length > 0,
  });

  const low = text.toLowerCase();
  const has = (...words: Array<string | null | undefined>) =>
    words.some((each) => each?.toLowerCase().includes(low));
  const out: Entry[] = [];
  for (const place of places)
    if (rank[who?.role ?? "viewer"] >= rank[place.needs] && has(place.title, place.words))
      out.push({ key: place.href, group: "Pages", title: place.title, run: () => go(place.href) });
  if (has("utc local time zone"))
    out.push({
      key: "zone",
      group: "Pages",
      title: "Switch times between local and UTC",
      run: switchZone,
    });
  for (const each of (channels.data?.items ?? [])
    .filter((item) => has(item.name, item.path))
    .slice(0, 6))
    out.push({
      key: `channel ${each.name}`,
      group: "Channels",
      title: each.name ?? "",
      about: each.path ?? "",
      run: () => go(to.channel(each.name ?? "")),
    });
  for (const each of (topics.data?.items ?? []).filter((item) => low && has(item.name)).slice(0, 6))
    out.push({
      key: `topic ${each.name}`,
      group: "Topics",
      title: each.name ?? "",
      run: () => go(to.topic(each.name ?? "")),
    });
  for (const each of (low ? clients.data?.items : undefined) ?? [])
    out.push({
      key: `connection ${each.id}`,
      group: "Connections",
      title: each.client_id || each.id || "",
      about: `${each.channel ?? ""} ${each.id ?? ""}`,
      run: () => go(to.connection(each.id ?? "")),
    });
  return out;
}
