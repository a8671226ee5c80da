import { describe, expect, it } from "vitest";

import { faultIn, jsonTokens } from "../src/common/json_text";

const kinds = (text: string) =>
  jsonTokens(text).map((each) => `${each.kind} ${text.slice(each.from, each.to)}`);

/** The place and the words of the fault: the text between the bars is what is underlined. */
function marked(text: string) {
  const fault = faultIn(text);
  if (!fault) return undefined;
  const { from, to } = fault;
  return `${text.slice(0, from)}|${text.slice(from, to)}|${text.slice(to)} ${fault.text}`;
}

describe("jsonTokens", () => {
  it("tells names, texts, numbers, literals and marks", () => {
    expect(kinds('{"a" : [1.5e-3, true], "b":"<i>\\""}')).toEqual([
      "mark {",
      'name "a"',
      "mark :",
      "mark [",
      "number 1.5e-3",
      "mark ,",
      "literal true",
      "mark ]",
      "mark ,",
      'name "b"',
      "mark :",
      'text "<i>\\""',
      "mark }",
    ]);
  });
  it("bears what is half written, and what is none", () => {
    expect(kinds('["open\n1, x')).toEqual(["mark [", 'text "open', "number 1", "mark ,", "odd x"]);
    expect(kinds("'\u{1f600}\\")).toEqual(["odd '", "odd \u{1f600}", "odd \\"]);
  });
  it("is done with long texts soon", () => {
    const long = `"${"a\\n".repeat(300_000)}`;
    expect(jsonTokens(long)).toHaveLength(1);
    expect(faultIn(long)?.text).toContain("closing quote");
  });
});

describe("faultIn", () => {
  it("finds none in JSON, nor where nothing is", () => {
    for (const text of ["", " \n", "1", '{"a":[{},[],null,"\\u00e4"]}', "-0.5E+7"])
      expect(faultIn(text)).toBeUndefined();
  });
  it("says where it is and what", () => {
    expect(marked('{"a":}')).toBe('{"a":|}| Column 6: a value is missing before this');
    expect(marked('{"a" 1}')).toBe('{"a" |1|} Column 6: a colon is missing before this');
    expect(marked("[1 2]")).toBe("[1 |2|] Column 4: a comma or ] is missing before this");
    expect(marked("[1,]")).toBe("[1,|]| Column 4: a comma too many before this");
    expect(marked("{1:2}")).toBe(
      "{|1|:2} Column 2: a name in double quotes is missing before this",
    );
    expect(marked("1 1")).toBe("1 |1| Column 3: something follows after the end");
    expect(marked('{"a":[')).toBe('{"a":|[| Column 6: a value is missing at the end');
    expect(marked("[[1]")).toBe("[[1|]| Column 4: ] is missing at the end");
    expect(marked("{")).toBe("|{| Column 1: } is missing at the end");
  });
  it("counts lines, and letters rather than units", () => {
    expect(faultIn('{\n "\u{1f600}": x\n}')?.text).toMatch(/^Line 2, column 7: /);
  });
  it("looks into texts, numbers and words", () => {
    expect(marked('["a\\q"]')).toBe('["a|\\q|"] Column 4: no escape that JSON knows');
    expect(marked('["a\tb"]')).toContain('["a|\t|b"]');
    expect(marked('["a]')).toBe('[|"a]| Column 2: the closing quote is missing');
    expect(marked("[01]")).toBe("[|01|] Column 2: no number as JSON writes them");
    expect(marked("[True]")).toContain("[|True|] Column 2: no word that JSON knows");
    expect(marked("['a']")).toContain("[|'|a']");
    expect(marked('"a\\"')).toContain("the closing quote is missing");
    expect(marked("[1,\u00a02]")).toContain("[1,|\u00a0|2]");
  });
  it("finds a place in all that JSON.parse refuses, however it is spoilt", () => {
    const good = '{"a":[1,-2.5e3,"x\\n\\u00e4"],"b":{"c":null,"d":[true,{}]}}';
    const bits = ['"', "\\", "{", "}", "[", "]", ",", ":", "0", "e", "-", " ", "\n", "x", ""];
    for (let at = 0; at < good.length; at += 1)
      for (const bit of bits)
        for (const over of [0, 1, 3]) {
          const text = good.slice(0, at) + bit + good.slice(at + over);
          const fault = faultIn(text);
          if (!fault) continue;
          expect(fault.text, text).toMatch(/^(Line \d+, c|C)olumn \d+: /);
          expect(fault.to, text).toBeGreaterThan(fault.from);
          expect(fault.to, text).toBeLessThanOrEqual(text.length);
        }
  });
});
