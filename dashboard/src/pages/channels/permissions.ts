/** A rule of a channel's permissions. */
export interface Rule {
  right: "pub" | "sub";
  pattern: string;
}

/** The rules of a text, and what is wrong with it, by lines that count from 1. */
export function readRules(text: string): {
  rules: Rule[];
  faults: Array<{ line: number; text: string }>;
} {
  const rules: Rule[] = [];
  const faults: Array<{ line: number; text: string }> = [];
  text.split("\n").forEach((raw, index) => {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) return;
    const right = line.slice(0, 4);
    const pattern = line.slice(4).trim();
    if (right !== "pub=" && right !== "sub=")
      faults.push({ line: index + 1, text: "begins with pub= or sub=" });
    else if (pattern === "") faults.push({ line: index + 1, text: `${right} needs a pattern` });
    else rules.push({ right: right === "pub=" ? "pub" : "sub", pattern });
  });
  return { rules, faults };
}

/**
 * Whether a topic is one of a pattern's, as the server decides it: `*` stands for any text without a
 * slash, `**` for any text. The places in the pattern where one may stand are moved along letter by
 * letter, so no pattern takes long.
 */
export function matchesTopic(pattern: string, topic: string): boolean {
  const end = pattern.length;
  const passStars = (places: Set<number>) => {
    for (let at = 0; at < end; at += 1)
      if (places.has(at) && pattern[at] === "*") places.add(at + 1);
    return places;
  };
  let here = passStars(new Set([0]));
  for (const letter of topic) {
    const next = new Set<number>();
    for (const at of here) {
      if (at >= end) continue;
      if (pattern[at] !== "*") {
        if (pattern[at] === letter) next.add(at + 1);
      } else if (letter !== "/" || pattern[at + 1] === "*" || pattern[at - 1] === "*") {
        next.add(at);
      }
    }
    here = passStars(next);
  }
  return here.has(end);
}

export function permits(rules: Rule[], right: Rule["right"], topic: string): boolean {
  return rules.some((each) => each.right === right && matchesTopic(each.pattern, topic));
}
