import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";

import { JsonEditor } from "../src/common/json_editor";

afterEach(cleanup);

function Held(props: { start: string; onSubmit?: () => void; language?: "json" | "text" }) {
  const [text, setText] = useState(props.start);
  return <JsonEditor label="Data" value={text} onChange={setText} {...props} />;
}

const input = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Data" });
const fault = () => document.querySelector("[data-fault]");

describe("JsonEditor", () => {
  it("underlines what is wrong and says it", async () => {
    render(<Held start='{"a":1}' />);
    expect(fault()).toBe(null);
    expect(input().getAttribute("aria-invalid")).toBe("false");
    fireEvent.change(input(), { target: { value: '{"a":x}' } });
    // Not while one types.
    expect(screen.getByRole("status").textContent).toBe("");
    await vi.waitFor(() => expect(fault()?.textContent).toBe("x"), { timeout: 3000 });
    const said = document.getElementById(input().getAttribute("aria-describedby") ?? "");
    expect(said?.textContent).toContain("Column 6");
    expect(input().getAttribute("aria-invalid")).toBe("true");
  });
  it("finds no fault in what need not be JSON", () => {
    render(<Held start="hello" language="text" />);
    expect(fault()).toBe(null);
    expect(screen.getByRole("status").textContent).toBe("");
  });
  it("hands on at Ctrl+Enter, and leaves Tab, Escape and other keyboards alone", () => {
    const onSubmit = vi.fn();
    render(<Held start="abc" onSubmit={onSubmit} language="text" />);
    fireEvent.keyDown(input(), { key: "Enter", ctrlKey: true });
    expect(onSubmit).toHaveBeenCalledOnce();
    expect(fireEvent.keyDown(input(), { key: "Tab", code: "Tab" })).toBe(true);
    input().focus();
    fireEvent.keyDown(input(), { key: "Escape" });
    expect(document.activeElement).toBe(input());
    // An umlaut has the code of a quote.
    input().setSelectionRange(0, 3);
    expect(fireEvent.keyDown(input(), { key: "\u00e4", keyCode: 222 })).toBe(true);
    expect(input().value).toBe("abc");
  });
  it("shows what is read only as it is, the long without colours", () => {
    const { rerender } = render(<JsonEditor readOnly label="Data" value='{"a":"<b>x</b>"}' />);
    expect(input().textContent).toBe('{"a":"<b>x</b>"}');
    expect(input().getAttribute("aria-readonly")).toBe("true");
    expect(input().querySelector("b")).toBe(null);
    expect(input().querySelectorAll("span")).toHaveLength(2);
    rerender(<JsonEditor readOnly label="Data" value={JSON.stringify("x".repeat(100_000))} />);
    expect(input().querySelectorAll("span")).toHaveLength(0);
    expect(input().textContent).toHaveLength(100_002);
  });
});
