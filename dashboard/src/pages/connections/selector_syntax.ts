import type { Part, Stretch } from "../../common/colored";
import { offsetOfColumn } from "./selector_text";

/**
 * What a selector is made of, for colours and completion. Whether one is right is for the server to
 * say; here a text may be half written. Grammar: docs/admin-api.md.
 */
export type TokenKind = "word" | "text" | "op" | "open" | "close" | "comma" | "odd";

export interface Token {
  kind: TokenKind;
  text: string;
  from: number;
  to: number;
}

const shapes: Array<[TokenKind, RegExp]> = [
  // A label whose key is quoted is one word.
  ["word", /label\."(?:[^"\\]|\\.)*"?/y],
  ["word", /[A-Za-z0-9_.:/+-]+/y],
  ["text", /"(?:[^"\\]|\\.)*"?/y],
  ["op", /==|=~|!=|<=|>=|[<>~=!]/y],
  ["open", /[([]/y],
  ["close", /[)\]]/y],
  ["comma", /,/y],
];

export function tokens(text: string): Token[] {
  const out: Token[] = [];
  for (let at = 0; at < text.length;) {
    if (/\s/.test(text[at]!)) {
      at += 1;
      continue;
    }
    let kind: TokenKind = "odd";
    let to = at + 1;
    for (const [name, shape] of shapes) {
      shape.lastIndex = at;
      const found = shape.exec(text);
      if (!found) continue;
      kind = name;
      to = shape.lastIndex;
      break;
    }
    out.push({ kind, text: text.slice(at, to), from: at, to });
    at = to;
  }
  return out;
}

/** What may stand at a place of a selector. */
export interface Expectation {
  want: "field" | "operator" | "value" | "list" | "connector";
  /** Where the word at the cursor begins. */
  from: number;
  /** The field of the condition, and its operator. */
  field?: string;
  operator?: string;
}

const operatorWords = new Set(["in", "exists"]);

/** Whether the token goes on at its end: a text whose second quote is missing. */
function isOpenText(token: Token): boolean {
  const body = token.text.replace(/\\./g, "");
  return body.includes('"') && (body.match(/"/g) ?? []).length < 2;
}

export function expectationAt(text: string, cursor: number): Expectation {
  let want: Expectation["want"] = "field";
  let field: string | undefined;
  let operator: string | undefined;
  let inList = false;
  for (const token of tokens(text)) {
    if (token.from >= cursor) break;
    // What the cursor stands in or at the end of is what is being written.
    const inside =
      token.to > cursor || (token.to === cursor && (token.kind === "word" || isOpenText(token)));
    const isOperator = token.kind === "op" && want === "operator";
    if (inside || (isOperator && token.to === cursor))
      return { want, from: token.from, field, operator };
    const word = token.kind === "word" ? token.text : "";
    if (want === "field") {
      if (word === "not" || token.kind === "open") continue;
      if (word) [field, operator, want] = [word, undefined, "operator"];
    } else if (want === "operator") {
      if (word === "exists") want = "connector";
      else if (word === "in") [operator, want] = ["in", "list"];
      else if (token.kind === "op") [operator, want] = [token.text, "value"];
    } else if (want === "list") {
      if (token.kind === "open") [inList, want] = [true, "value"];
      else if (word || token.kind === "text") want = "connector";
    } else if (want === "value") {
      want = "connector";
    } else if (want === "connector") {
      if (inList && token.kind === "comma") want = "value";
      else if (inList && token.kind === "close") inList = false;
      else if (word === "and" || word === "or")
        [field, operator, want] = [undefined, undefined, "field"];
    }
  }
  return { want, from: cursor, field, operator };
}

/** The parts of a selector, for the eye. */
export function partsOf(text: string): Part[] {
  return tokens(text).map((token) => ({ from: token.from, to: token.to, role: roleOf(token) }));
}

export function roleOf(token: Token): Part["role"] {
  if (token.kind === "text") return "text";
  if (token.kind === "op") return "operator";
  if (token.kind !== "word") return "other";
  if (["and", "or", "not"].includes(token.text) || operatorWords.has(token.text)) return "keyword";
  return /^[0-9]/.test(token.text) ? "number" : "name";
}

/** What to underline for a fault at the server's 1-based column. */
export function faultyStretch(text: string, column: number): Stretch {
  const at = Math.min(offsetOfColumn(text, column), text.length);
  const token = tokens(text).find((each) => each.from <= at && at < each.to);
  if (token) return { from: at, to: token.to };
  const from = Math.max(0, at - 1);
  return { from, to: Math.min(text.length, from + 1) };
}
