import { describe, expect, it } from "vitest";

import type { Attribute } from "../src/pages/connections/columns";
import { fitting, offerAt, type Vocabulary } from "../src/pages/connections/selector_completion";

const attribute = (name: string, kind: Attribute["kind"]) =>
  ({ name, kind, sortable: true, derived: false, about: `The ${name}` }) as Attribute;

const words: Vocabulary = {
  attributes: [
    attribute("idle", "duration"),
    attribute("client_id", "text"),
    attribute("remote_ip", "address"),
    attribute("labels", "labels"),
  ],
  labelKeys: () => Promise.resolve(["site", "x y"]),
  values: (field) => Promise.resolve(field === "client_id" ? ["pos-1", 'a "b"', "repos"] : []),
};

/** What is offered where the bar stands. */
async function at(marked: string, asked = false) {
  const cursor = marked.indexOf("|");
  return offerAt(marked.replace("|", ""), cursor, asked, words);
}
const labels = async (marked: string, asked = false) =>
  (await at(marked, asked))?.options.map((each) => each.label);

describe("offerAt", () => {
  it("offers fields, labels among them, in their order", async () => {
    expect(await labels("|", true)).toEqual([
      "client_id",
      "idle",
      'label."x y"',
      "label.site",
      "remote_ip",
      "not",
    ]);
    expect(await at("idle > 1 and cl|")).toMatchObject({
      from: 13,
      to: 15,
      options: [{ label: "client_id", apply: "client_id ", info: "The client_id" }],
      complete: false,
    });
  });
  it("offers nothing unasked where nothing is typed, or all may be said", async () => {
    expect(await at("|")).toBeUndefined();
    expect(await at("idle > 10|")).toMatchObject({ complete: true });
    expect(await at("idle > 10m|")).toBeUndefined();
    expect(await at('client_id == "pos-1"|')).toBeUndefined();
    expect(await labels('client_id == "pos-1"|', true)).toEqual(["and", "or"]);
  });
  it("offers operators, values and what goes on", async () => {
    expect((await labels("idle |"))?.[0]).toBe("<");
    expect((await labels("client_id |"))?.[0]).toBe("==");
    expect(await labels('client_id == "po|')).toEqual(['"pos-1"', '"repos"']);
    expect(await labels("client_id == |")).toEqual(['"pos-1"', '"a \\"b\\""', '"repos"']);
    expect(await labels("remote_ip in |")).toContain("10.0.0.0/8");
    expect(await labels("client_id in |")).toEqual(["("]);
    // Enter applies the selector there; only who goes on chooses one.
    expect(await at("idle > 10m |")).toMatchObject({ complete: true, from: 11 });
    expect(await at("idle > 10m a|")).toMatchObject({ complete: false, from: 11 });
  });
});

describe("fitting", () => {
  it("has the best first: begins so, a part begins so, has it, has the letters", () => {
    const options = ["remote_id", "grid", "id", "in_deed", "none"].map((label) => ({ label }));
    expect(fitting(options, "ID").map((each) => each.label)).toEqual([
      "id",
      "remote_id",
      "grid",
      "in_deed",
    ]);
    expect(fitting(options, "")).toHaveLength(5);
  });
});
