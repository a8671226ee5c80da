import type { Stretch } from "./colored";

export interface JsonToken extends Stretch {
  /** `odd` is what JSON does not know. */
  kind: "name" | "text" | "number" | "literal" | "mark" | "odd";
}

const kinds = ["text", "number", "word", "mark", "odd"] as const;
// A text that is not closed ends with its line.
const shape =
  /("[^"\\\n]*(?:\\.[^"\\\n]*)*"?)|(-?\d[\w.+-]*)|([\p{L}_$][\p{L}\w$]*)|([{}[\],:])|([^ \t\r\n])/gu;

/** What a JSON text is made of; it may be half written, or wrong. */
export function jsonTokens(text: string): JsonToken[] {
  const out: JsonToken[] = [];
  for (const found of text.matchAll(shape)) {
    const which = kinds[found.slice(1).findIndex((each) => each !== undefined)]!;
    const word = found[0];
    const known = word === "true" || word === "false" || word === "null";
    const kind = which === "word" ? (known ? "literal" : "odd") : which;
    const last = out.at(-1);
    if (word === ":" && last?.kind === "text") last.kind = "name";
    out.push({ kind, from: found.index, to: found.index + word.length });
  }
  return out;
}

export interface JsonFault extends Stretch {
  /** Where it is, and what is wrong there. */
  text: string;
}

const wholeNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const goodInText = /(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;

/** What is wrong within a token, wherever it stands. */
function faultWithin(text: string, { kind, from, to }: JsonToken): JsonFault | undefined {
  if (kind === "number" && !wholeNumber.test(text.slice(from, to)))
    return { from, to, text: "no number as JSON writes them" };
  if (kind === "odd") {
    if (/^[\p{L}_$]/u.test(text.slice(from, to)))
      return { from, to, text: "no word that JSON knows; texts stand in double quotes" };
    return { from, to, text: "no character that may stand here; texts stand in double quotes" };
  }
  if (kind !== "text" && kind !== "name") return undefined;
  goodInText.lastIndex = from + 1;
  const end = from + 1 + (goodInText.exec(text)?.[0].length ?? 0);
  if (text[end] === '"' && end === to - 1) return undefined;
  if (end >= to) return { from, to, text: "the closing quote is missing" };
  if (text[end] === "\\")
    return { from: end, to: Math.min(end + 2, to), text: "no escape that JSON knows" };
  return { from: end, to: end + 1, text: "a control character has to be escaped in a text" };
}

/** The first thing that is wrong by the grammar of JSON. */
function firstFault(text: string): JsonFault | undefined {
  const tokens = jsonTokens(text);
  /** The brackets that have to be closed, the innermost last. */
  const open: string[] = [];
  let want: "value" | "name" | "colon" | "next" = "value";
  // Just behind an opening bracket: it may be closed again.
  let fresh = false;
  for (const token of tokens) {
    const within = faultWithin(text, token);
    if (within) return within;
    const mark = token.kind === "mark" ? text[token.from]! : "";
    const wrong = (what: string): JsonFault => ({ from: token.from, to: token.to, text: what });
    const closes = mark !== "" && mark === open.at(-1);
    if (closes && (fresh || want === "next")) {
      open.pop();
      [want, fresh] = ["next", false];
    } else if (want === "value") {
      if (closes && mark === "]") return wrong("a comma too many before this");
      if (mark === "{") [want, fresh] = ["name", true];
      else if (mark === "[") [want, fresh] = ["value", true];
      else if (mark) return wrong("a value is missing before this");
      else [want, fresh] = ["next", false];
      if (fresh) open.push(mark === "{" ? "}" : "]");
    } else if (want === "name") {
      if (closes) return wrong("a comma too many before this");
      if (token.kind !== "name" && token.kind !== "text")
        return wrong("a name in double quotes is missing before this");
      [want, fresh] = ["colon", false];
    } else if (want === "colon") {
      if (mark !== ":") return wrong("a colon is missing before this");
      want = "value";
    } else {
      if (open.length === 0) return wrong("something follows after the end");
      if (mark !== ",") return wrong(`a comma or ${open.at(-1)} is missing before this`);
      want = open.at(-1) === "}" ? "name" : "value";
    }
  }
  if (want === "next" && open.length === 0) return undefined;
  const last = tokens.at(-1) ?? { from: 0, to: text.length };
  const missing = {
    value: "a value is missing",
    name: fresh ? "} is missing" : "a name in double quotes is missing",
    colon: "a colon is missing",
    next: `${open.at(-1)} is missing`,
  };
  return { from: last.from, to: last.to, text: `${missing[want]} at the end` };
}

/** Where a place is, for people: letters are counted, not units of UTF-16. */
function placeOf(text: string, at: number): string {
  const lines = text.slice(0, at).split("\n");
  const column = [...lines.at(-1)!].length + 1;
  return text.includes("\n") ? `Line ${lines.length}, column ${column}` : `Column ${column}`;
}

/** Nothing when the text is JSON, else what is wrong with it. An empty text is no fault. */
export function faultIn(text: string): JsonFault | undefined {
  if (text.trim() === "") return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    const found = firstFault(text);
    if (!found) return { from: 0, to: 1, text: "This is not JSON" };
    return { ...found, text: `${placeOf(text, found.from)}: ${found.text}` };
  }
}
