import { Button } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useState } from "react";

/** Where the page is not from localhost and not encrypted, browsers have the old way alone. */
function copyOld(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.readOnly = true;
  area.style.cssText = "position:fixed;opacity:0;inset:0 auto auto 0";
  // Inside an open dialog: it keeps the focus within.
  (document.querySelector("[role=dialog]") ?? document.body).append(area);
  const before = document.activeElement as HTMLElement | null;
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  before?.focus();
  return done;
}

/** Whether the text is on the clipboard now. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyOld(text);
  }
}

/** A button that copies a text and says for a moment that it has. */
export function CopyButton(props: {
  text: string;
  /** What the button says, such as "Copy token". */
  label: string;
  size?: "xs" | "compact-xs" | "compact-sm" | "sm";
}) {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 2000);
    return () => clearTimeout(timer);
  }, [state]);
  const said = { idle: "", copied: "Copied", failed: "It cannot be copied: select it" }[state];
  return (
    <>
      <Button
        variant="default"
        size={props.size ?? "sm"}
        leftSection={
          state === "copied" ? (
            <IconCheck size={15} stroke={1.6} aria-hidden />
          ) : (
            <IconCopy size={15} stroke={1.6} aria-hidden />
          )
        }
        onClick={() => void copyText(props.text).then((ok) => setState(ok ? "copied" : "failed"))}
      >
        {state === "failed" ? said : props.label}
      </Button>
      <span role="status" className="visually-hidden">
        {said}
      </span>
    </>
  );
}
