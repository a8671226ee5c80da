import { ActionIcon } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useId, useMemo, useRef, useState } from "react";

import { get } from "../../api/client";
import { Problem } from "../../api/problem";
import type { Connection, List } from "../../api/types";
import type { Attribute } from "./columns";
import classes from "./selector_box.module.css";
import type { Vocabulary } from "./selector_completion";
import { SelectorEditor } from "./selector_editor";
import { SelectorHelp } from "./selector_help";

/** How long one has to stop typing before a selector is tried, in ms. */
const pause = 350;
/** And how long before what is wrong is said: it mostly is that the end is missing yet. */
const patience = 900;
/** Of so many connections the values are offered. */
const sample = 300;

const hint = 'Selector, such as idle > 10m and label.site == "A"';

const nobody: Attribute[] = [];

/** The selector's fields, and values that connections have now. */
function useVocabulary(attributes: Attribute[] = nobody): Vocabulary {
  const queries = useQueryClient();
  return useMemo(() => {
    const rows = (field: string) =>
      queries.fetchQuery({
        queryKey: ["selector values", field],
        queryFn: () =>
          get<List<Connection>>("/connections", { limit: sample, fields: field, sort: "id" }),
        staleTime: 30_000,
      });
    const distinct = (values: unknown[]) =>
      [...new Set(values.filter((each) => typeof each === "string" && each !== ""))]
        .map(String)
        .sort((a, b) => a.localeCompare(b))
        .slice(0, 100);
    const labels = async () => {
      const { items } = await rows("labels");
      return items.map((each) => each.labels ?? {});
    };
    const channels = async () => {
      const { items } = await queries.fetchQuery({
        queryKey: ["selector channels"],
        queryFn: () => get<List<{ name: string }>>("/channels", { limit: 1000, fields: "name" }),
        staleTime: 30_000,
      });
      return items.map((each) => each.name);
    };
    // What cannot be had is not offered; typing goes on.
    const orNone = (what: Promise<string[]>) => what.catch(() => []);
    return {
      attributes,
      labelKeys: () => orNone(labels().then((all) => distinct(all.flatMap(Object.keys)))),
      values: (field) => {
        if (field === "channel") return orNone(channels());
        if (field === "state") return Promise.resolve(["new", "ready", "closing"]);
        if (field === "remote_fqdn_state")
          return Promise.resolve(["pending", "ok", "none", "timeout"]);
        if (field.startsWith("label.")) {
          const key = field.slice(6).replace(/^"|"$/g, "").replace(/\\(.)/g, "$1");
          return orNone(labels().then((all) => distinct(all.map((each) => each[key]))));
        }
        const from = field === "remote_ip" ? "remote_address" : field;
        const value = (row: Connection) => {
          const text = (row as unknown as Record<string, unknown>)[from];
          if (field !== "remote_ip" || typeof text !== "string") return text;
          return text.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
        };
        return orNone(rows(from).then(({ items }) => distinct(items.map(value))));
      },
    };
  }, [attributes, queries]);
}

/**
 * Where a selector is written. It is tried as one types and applied once the server takes it; until
 * then the one before stays, and what is wrong stands below.
 */
export function SelectorBox(props: {
  value: string;
  attributes?: Attribute[];
  onApply: (selector: string) => void;
  /** What the server said of the one that is applied, such as from an old address. */
  problem?: unknown;
}) {
  const { value, onApply, problem } = props;
  const [text, setText] = useState(value);
  const [wanted, setWanted] = useState<string>();
  const typed = useRef(text);
  typed.current = text;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [writing, setWriting] = useState(false);
  useEffect(() => {
    if (!writing) return;
    const over = setTimeout(() => setWriting(false), patience);
    return () => clearTimeout(over);
  }, [writing, text]);
  const words = useVocabulary(props.attributes);
  const message = useId();

  // The address has changed: Back, or a link that clears the filters.
  const [applied, setApplied] = useState(value);
  if (applied !== value) {
    setApplied(value);
    if (value !== text.trim()) setText(value);
    setWanted(undefined);
  }

  const check = useQuery({
    queryKey: ["selector", wanted],
    queryFn: ({ signal }) =>
      get("/connections", { selector: wanted, limit: 1, fields: "id", sort: "id" }, signal),
    enabled: wanted !== undefined && wanted !== "" && wanted !== value,
    staleTime: 5000,
  });
  const good = check.isSuccess && wanted !== undefined;
  useEffect(() => {
    if (wanted !== undefined && wanted !== value && (good || wanted === "")) onApply(wanted);
  }, [good, wanted, value, onApply]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const onChange = useCallback((next: string) => {
    setText(next);
    setWriting(true);
    clearTimeout(timer.current);
    // Whatever was said of the text before is no longer true of this one.
    setWanted(undefined);
    timer.current = setTimeout(() => setWanted(next.trim()), pause);
  }, []);
  const submit = useCallback(() => {
    clearTimeout(timer.current);
    setWriting(false);
    setWanted(typed.current.trim());
  }, []);

  const trimmed = text.trim();
  const failure = wanted === trimmed && wanted !== value ? check.error : undefined;
  const said = writing ? undefined : (failure ?? (trimmed === value ? problem : undefined));
  const fault = useMemo(() => {
    if (!said) return undefined;
    const indent = text.length - text.trimStart().length;
    const column = said instanceof Problem ? said.column : undefined;
    return {
      column: column === undefined ? undefined : column + indent,
      text: said instanceof Error ? said.message : String(said),
    };
  }, [said, text]);

  return (
    <div className={classes.box}>
      <div className={classes.field}>
        <SelectorEditor
          label="Selector"
          placeholder={hint}
          value={text}
          words={words}
          onChange={onChange}
          onSubmit={submit}
          fault={fault}
          describedBy={fault ? message : undefined}
        />
        <div className={classes.buttons}>
          {text !== "" && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label="Clear the selector"
              onClick={() => {
                onChange("");
                setWanted("");
              }}
            >
              <IconX size={14} />
            </ActionIcon>
          )}
          <SelectorHelp />
        </div>
      </div>
      <div id={message} className={classes.fault} role="alert">
        {fault?.text}
      </div>
    </div>
  );
}
