import { describe, expect, test } from "vitest";

import { EventReader } from "../src/api/event_stream";

const whole =
  ': alive\n\nevent: state\ndata: {"a":1}\n\nid: 7\ndata:two\ndata: lines\n\nevent: none\n\ndata: \u00fcber\r\n\r\n';
const events = [
  { event: "state", data: '{"a":1}' },
  { event: "message", data: "two\nlines" },
  { event: "message", data: "\u00fcber" },
];

describe("the reader of events", () => {
  test("takes whole events out of a text, without comments, ids and those without data", () => {
    expect(new EventReader().take(whole)).toEqual(events);
  });

  test("gives the same wherever the text is cut in two", () => {
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const reader = new EventReader();
      expect([...reader.take(whole.slice(0, cut)), ...reader.take(whole.slice(cut))]).toEqual(
        events,
      );
    }
  });

  test("gives the same letter by letter", () => {
    const reader = new EventReader();
    expect([...whole].flatMap((letter) => reader.take(letter))).toEqual(events);
  });

  test("waits for the empty line", () => {
    const reader = new EventReader();
    expect(reader.take("data: half")).toEqual([]);
    expect(reader.take("\n")).toEqual([]);
    expect(reader.take("\n")).toEqual([{ event: "message", data: "half" }]);
  });

  test("knows the three ends of a line", () => {
    expect(new EventReader().take("data: a\rdata: b\r\ndata: c\n\n")).toEqual([
      { event: "message", data: "a\nb\nc" },
    ]);
  });
});
