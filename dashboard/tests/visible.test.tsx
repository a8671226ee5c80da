import { render } from "@testing-library/react";
import { describe, expect, test } from "vitest";

import { Name } from "../src/common/name";
import { visible } from "../src/common/visible";

describe("a text of somebody else's", () => {
  test("is shown as it is when nothing is odd about it", () => {
    for (const text of [
      "pos-7",
      "Krak\u00f3w",
      "\u05e9\u05dc\u05d5\u05dd",
      "\u{1f600} a\u0301",
      "<b>&amp;</b>",
    ]) {
      expect(visible(text)).toBe(text);
    }
  });

  test("has its control characters made visible", () => {
    expect(visible("a\u0000b\tc\nd\u001b[31m\u007f")).toBe(
      "a\u2400b\u2409c\u240ad\u241b[31m\u2421",
    );
    expect(visible("\u0085\u2028\u00ad")).toBe(
      "\u27e8U+0085\u27e9\u27e8U+2028\u27e9\u27e8U+00AD\u27e9",
    );
  });

  test("cannot turn the direction of what stands beside it", () => {
    for (const code of [0x061c, 0x200e, 0x200f, 0x202a, 0x202e, 0x2066, 0x2069]) {
      const letter = String.fromCharCode(code);
      expect(visible(`a${letter}b`)).not.toContain(letter);
    }
  });

  test("is cut, but not through a character", () => {
    expect(visible("x".repeat(10_000), 5)).toBe("xxxxx\u2026");
    expect(visible("ab\u{1f600}", 3)).toBe("ab\u2026");
    expect(visible("abc", 3)).toBe("abc");
  });

  test("makes no elements of a page", () => {
    const { container } = render(<Name of={'<img src=x onerror="alert(1)">'} />);
    expect(container.querySelector("img")).toBe(null);
    expect(container.querySelector("bdi")?.textContent).toBe('<img src=x onerror="alert(1)">');
  });

  test("that is empty shows a dash", () => {
    for (const of of ["", null, undefined])
      expect(render(<Name of={of} />).container.textContent).toBe("\u2013");
  });
});
