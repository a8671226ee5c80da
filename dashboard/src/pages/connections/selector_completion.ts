import type { Attribute } from "./columns";
import { expectationAt, type Expectation } from "./selector_syntax";
import { labelField, quoted } from "./selector_text";

/** One thing that may be written at a place. */
export interface Option {
  label: string;
  detail?: string;
  /** A sentence on what it is. */
  info?: string;
  /** What is written, where that is not the label. */
  apply?: string;
}

/** What is offered for the characters between two places. */
export interface Offer {
  from: number;
  to: number;
  options: Option[];
  /** Whether what stands there may be all that is meant: no option is chosen unasked then. */
  complete: boolean;
}

/** What completion knows of the server. */
export interface Vocabulary {
  attributes: Attribute[];
  /** Keys of labels that connections have now. */
  labelKeys: () => Promise<string[]>;
  /** Values that a field of texts has now. */
  values: (field: string) => Promise<string[]>;
}

interface Operator {
  label: string;
  detail: string;
  /** Whether it is for texts alone. */
  text?: boolean;
}

const operators: Operator[] = [
  { label: "==", detail: "is" },
  { label: "!=", detail: "is not" },
  { label: "~", detail: "is like, with * and ?", text: true },
  { label: "=~", detail: "matches a regular expression", text: true },
  { label: "<", detail: "less than" },
  { label: "<=", detail: "at most" },
  { label: ">", detail: "greater than" },
  { label: ">=", detail: "at least" },
  { label: "in", detail: "one of" },
  { label: "exists", detail: "is there" },
];

type Kind = Attribute["kind"];

const isText = (kind: Kind) => kind === "text" || kind === "address";

export function kindOf(field: string | undefined, attributes: Attribute[]): Kind {
  return attributes.find((each) => each.name === field)?.kind ?? "text";
}

/** The operators that suit a kind, those that one wants most first. */
export function operatorsFor(kind: Kind): Option[] {
  const fit = operators.filter(
    (each) => (kind !== "labels" || each.label === "exists") && (!each.text || isText(kind)),
  );
  const compares = (each: Operator) => /^[<>]/.test(each.label);
  const sorted = isText(kind)
    ? [...fit.filter((each) => !compares(each)), ...fit.filter(compares)]
    : [...fit.filter(compares), ...fit.filter((each) => !compares(each))];
  return sorted.map(({ label, detail }) => ({ label, detail, apply: `${label} ` }));
}

/** The time so many seconds ago, as a selector has it. */
function ago(seconds: number): string {
  return `${new Date(Date.now() - seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** Values for what has no list of them. */
export function examples(field: string, kind: Kind): Option[] {
  const all = (texts: string[][]) => texts.map(([label, detail]) => ({ label: label!, detail }));
  if (kind === "duration") return all([["30s"], ["1m"], ["10m"], ["1h"], ["1d"]]);
  if (kind === "time")
    return all([
      [ago(600), "10 minutes ago"],
      [ago(3600), "an hour ago"],
      [ago(86_400), "a day ago"],
    ]);
  if (field.includes("bytes")) return all([["64KiB"], ["1MiB"], ["10MiB"]]);
  if (field.startsWith("rtt")) return all([["50"], ["200"], ["1000"]]);
  if (kind === "address") return all([["127.0.0.0/8"], ["10.0.0.0/8"], ["192.168.0.0/16"]]);
  return [];
}

const connectors: Option[] = [
  { label: "and", detail: "both", apply: "and " },
  { label: "or", detail: "either", apply: "or " },
];

async function fields(words: Vocabulary): Promise<Option[]> {
  const keys = await words.labelKeys();
  const names: Option[] = [
    ...words.attributes
      .filter((each) => each.kind !== "labels")
      .map(({ name, kind, about }) => ({ label: name, detail: kind, info: about || undefined })),
    ...keys.map((key) => ({ label: labelField(key), detail: "label" })),
  ];
  return [
    ...names.sort((a, b) => a.label.localeCompare(b.label)),
    { label: "not", detail: "the opposite" },
  ].map((each) => ({ ...each, apply: `${each.label} ` }));
}

async function values(at: Expectation, words: Vocabulary): Promise<Option[]> {
  const field = at.field ?? "";
  const kind = kindOf(field, words.attributes);
  // Networks stand after `in`; elsewhere an address is a text.
  if (kind === "address" && at.operator === "in") return examples(field, kind);
  if (!isText(kind)) return examples(field, kind);
  const seen = await words.values(field);
  return seen.map((value) => ({ label: quoted(value) }));
}

async function optionsAt(at: Expectation, words: Vocabulary): Promise<Option[]> {
  switch (at.want) {
    case "field":
      return fields(words);
    case "operator":
      return operatorsFor(kindOf(at.field, words.attributes));
    case "list":
      if (kindOf(at.field, words.attributes) === "address")
        return examples(at.field ?? "", "address");
      return [{ label: "(", detail: "values with commas between them" }];
    case "value":
      return values(at, words);
    case "connector":
      return connectors;
  }
}

/** How well an option fits what is typed, 0 best; undefined: not at all. */
function rank(option: Option, typed: string): number | undefined {
  const plain = (text: string) => text.replace(/^"/, "").toLowerCase();
  const label = plain(option.label);
  const wanted = plain(typed);
  const at = label.indexOf(wanted);
  if (at === 0) return 0;
  if (at > 0) return /[a-z0-9]/.test(label[at - 1]!) ? 2 : 1;
  // Letters in their order, such as `cid` for `client_id`.
  let found = -1;
  for (const letter of wanted) if ((found = label.indexOf(letter, found + 1)) < 0) return undefined;
  return 3;
}

/** Those that fit what is typed, the best first. */
export function fitting(options: Option[], typed: string): Option[] {
  const ranked = options.flatMap((option) => {
    const at = rank(option, typed);
    return at === undefined ? [] : [{ option, at }];
  });
  return ranked.sort((a, b) => a.at - b.at).map((each) => each.option);
}

/** What may be written at `cursor`; `asked` when somebody asked for it, not only typed. */
export async function offerAt(
  text: string,
  cursor: number,
  asked: boolean,
  words: Vocabulary,
): Promise<Offer | undefined> {
  const before = text.slice(0, cursor);
  if (!asked && before.trim() === "") return undefined;
  const at = expectationAt(text, cursor);
  // Nothing pops up behind a finished condition until a blank says that it goes on.
  if (!asked && at.want === "connector" && !/\s$/.test(before) && at.from === cursor)
    return undefined;
  const typed = text.slice(at.from, cursor);
  const options = fitting(await optionsAt(at, words), typed);
  const written = options.length === 1 && (options[0]!.apply ?? options[0]!.label) === typed;
  if (options.length === 0 || written) return undefined;
  const complete =
    !asked &&
    ((at.want === "connector" && typed === "") ||
      (at.want === "value" && typed !== "" && !isText(kindOf(at.field, words.attributes))));
  return { from: at.from, to: cursor, options, complete };
}
