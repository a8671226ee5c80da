import { describe, expect, it } from "vitest";

import { nameIn, to } from "../src/shell/routes";

describe("names in addresses", () => {
  it.each(["/demo/news", "100%", "%2F", "a b?c#d", "\u202eevil", "Zürich/ü"])(
    "%j comes back",
    (name) => expect(nameIn(to.topic(name))).toBe(name),
  );
  it("takes what is not encoded well as it is", () => expect(nameIn("/topics/100%")).toBe("100%"));
  it("takes a slash at the end for none", () => expect(nameIn("/topics/a/")).toBe("a"));
});
