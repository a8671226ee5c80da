import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";

import { get } from "../api/client";
import { bytes, count, span } from "./format";

export type FieldKind =
  "text" | "flag" | "seconds" | "count" | "choice" | "texts" | "lines" | "object";

/** A field of a definition, as `GET /channels:fields` and `GET /topics:fields` describe it. */
export interface Field {
  name: string;
  kind: FieldKind;
  about: string;
  default: unknown;
  choices: string[];
  /** False: it is given when the thing is made and stays. */
  editable: boolean;
  /** What it is called, where its name does not say it well. */
  title?: string;
  /** What null means, where it can be null. */
  none?: string;
}

export type Values = Record<string, unknown>;

/** The fields of a kind of thing; they are the same as long as the server is. */
export function useFields(path: string) {
  return useQuery({
    queryKey: ["fields", path],
    queryFn: async ({ signal }) => (await get<{ items: Field[] }>(path, {}, signal)).items,
    staleTime: 60_000,
  });
}

/** What has been typed where it cannot be read as a value. It is shown, and it is not sent. */
export class Unread {
  readonly text: string;
  readonly fault: string;
  constructor(text: string, fault: string) {
    this.text = text;
    this.fault = fault;
  }
}
export function unread(text: string, fault: string): Unread {
  return new Unread(text, fault);
}

/** Whether two values of a field say the same. */
export function same(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

/** `max_depth` -> "Max depth"; the names of the endpoint are good enough for people. */
export function titleOf(name: string): string {
  const text = name
    .replaceAll("_", " ")
    .replace(/\bid\b/g, "ID")
    .replace(/\bttl\b/g, "TTL");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const spans: Record<string, number> = {
  s: 1,
  sec: 1,
  min: 60,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
};
const powers = "bkmgt";

/** Seconds: "90", "1.5 h", "1 d 12 h". */
export function readSeconds(text: string): number | undefined {
  const plain = text.trim().toLowerCase();
  if (/^\d+(\.\d+)?$/.test(plain)) return Number(plain);
  const parts = [...plain.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)];
  const rest = plain.replace(/(\d+(?:\.\d+)?)\s*([a-z]+)/g, "").trim();
  if (parts.length === 0 || rest) return undefined;
  let all = 0;
  for (const [, size, unit] of parts) {
    const seconds = spans[unit ?? ""];
    if (seconds === undefined) return undefined;
    all += Number(size) * seconds;
  }
  return all;
}

/** A whole number, with thousands as one likes; of bytes also "64 MiB". */
export function readCount(text: string, ofBytes: boolean): number | undefined {
  const plain = text.trim().replace(/(\d)[,_' \u00a0](?=\d{3}(\D|$))/g, "$1");
  const number = Number(plain);
  if (/^\d+$/.test(plain)) return Number.isSafeInteger(number) ? number : undefined;
  const sized = ofBytes && /^(\d+(?:\.\d+)?)\s*([kmgt])(?:i?b)?$/i.exec(plain);
  if (!sized) return undefined;
  const power = powers.indexOf((sized[2] ?? "b").toLowerCase());
  const all = Math.round(Number(sized[1]) * 1024 ** power);
  return Number.isSafeInteger(all) ? all : undefined;
}

export function isBytes(field: Field): boolean {
  return field.kind === "count" && field.name.endsWith("_bytes");
}

/** A value in words, such as beside a default: "7 d", "64 MiB", "no limit". */
export function inWords(field: Field, value: unknown): string {
  if (value === null || value === undefined)
    return field.none ?? (field.kind === "count" ? "no limit" : "not set");
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "number") {
    if (field.kind === "seconds") return value < 1 ? `${value} s` : span(value);
    return isBytes(field) ? bytes(value) : count(value);
  }
  if (Array.isArray(value)) return value.length === 0 ? "empty" : value.join(", ");
  if (value === "") return "empty";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The members of `values` that are not as in `before`: a merge patch, or what a new one needs. */
export function difference(fields: Field[], before: Values, values: Values): Values {
  const out: Values = {};
  for (const { name } of fields) {
    const value = values[name];
    if (value instanceof Unread || value === undefined || same(value, before[name])) continue;
    out[name] = value;
  }
  return out;
}

function defaultsOf(fields: Field[]): Values {
  return Object.fromEntries(fields.map((each) => [each.name, each.default]));
}

export interface FieldForm {
  fields: Field[];
  /** A new one is made: every field can be given. */
  making: boolean;
  values: Values;
  set: (name: string, value: unknown) => void;
  /** The default again. */
  putBack: (name: string) => void;
  reset: () => void;
  /** What to send: of a new one what is not as it is by default, of an edit what has changed. */
  body: Values;
  dirty: boolean;
  /** What cannot be read, by field. */
  faults: Record<string, string>;
  touched: ReadonlySet<string>;
}

/** What is typed in a form of `fields`; `start` is the thing that is edited. */
export function useFieldForm(fields: Field[], options: { start?: Values } = {}): FieldForm {
  const { start } = options;
  const [typed, setTyped] = useState<Values>({});
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());

  const defaults = useMemo(() => defaultsOf(fields), [fields]);
  const before = useMemo(() => ({ ...defaults, ...start }), [defaults, start]);
  const values = useMemo(() => ({ ...before, ...typed }), [before, typed]);

  const set = useCallback((name: string, value: unknown) => {
    setTyped((old) => ({ ...old, [name]: value }));
    setTouched((old) => (old.has(name) ? old : new Set(old).add(name)));
  }, []);
  const putBack = useCallback((name: string) => set(name, defaults[name]), [set, defaults]);
  const reset = useCallback(() => {
    setTyped({});
    setTouched(new Set());
  }, []);

  const body = useMemo(() => difference(fields, before, values), [fields, before, values]);
  const faults = useMemo(() => {
    const out: Record<string, string> = {};
    for (const [name, value] of Object.entries(values))
      if (value instanceof Unread) out[name] = value.fault;
    return out;
  }, [values]);
  const dirty = Object.keys(body).length > 0 || Object.keys(faults).length > 0;
  return { fields, making: !start, values, set, putBack, reset, body, dirty, faults, touched };
}

/** The field that a problem is about: "credentials[0].username" is about credentials. */
export function fieldOf(problem: unknown): string | undefined {
  const path = (problem as { field?: string } | undefined)?.field;
  return path?.split(/[.[]/)[0] || undefined;
}
