import { useDebouncedValue } from "@mantine/hooks";
import { useId, useLayoutEffect, useMemo, useRef, type KeyboardEvent, type ReactNode } from "react";
import imported from "react-simple-code-editor";

import { colored, type Part, type Stretch } from "./colored";
import classes from "./json_editor.module.css";
import { faultIn, jsonTokens, type JsonToken } from "./json_text";

export interface EditorProps {
  label: string;
  value: string;
  onChange?: (text: string) => void;
  /** Ctrl+Enter. */
  onSubmit?: () => void;
  readOnly?: boolean;
  /** In lines. */
  minLines?: number;
  maxLines?: number;
  /** `json`, or `text` for what need not be JSON. */
  language?: "json" | "text";
  /** Of the input, for a label that points to it. */
  id?: string;
  describedBy?: string;
}

// A CommonJS module: the bundler takes all of it for the default, the tests only its default.
const CodeEditor = (imported as unknown as { default?: typeof imported }).default ?? imported;

/** How long before what is wrong is said, in ms: it mostly is that the end is missing yet. */
const patience = 600;
/** Longer texts have no colours: typing in them would stutter. */
const mostColored = 50_000;

const roles: Partial<Record<JsonToken["kind"], Part["role"]>> = {
  name: "name",
  text: "text",
  number: "number",
  literal: "number",
};

function jsonColored(text: string, fault?: Stretch): ReactNode {
  if (text.length > mostColored) return text;
  const parts = jsonTokens(text).flatMap(({ kind, from, to }) => {
    const role = roles[kind];
    return role ? [{ from, to, role }] : [];
  });
  return colored(text, parts, fault);
}

const padding = { top: "0.5rem", bottom: "0.5rem", left: "0.75rem", right: "0.75rem" };
const lines = (count: number) => `calc(${count} * var(--line-of-code) + 1rem)`;

/** An editor for JSON that marks faults as one types; read only, a text to look at and to copy. */
export function JsonEditor(props: EditorProps) {
  return props.readOnly ? <Shown {...props} /> : <Editor {...props} />;
}

function Shown({ label, value, language = "json", minLines = 4, maxLines = 24 }: EditorProps) {
  const content = useMemo(
    () => (language === "json" ? jsonColored(value) : value),
    [language, value],
  );
  return (
    <pre
      className={`${classes.box} ${classes.shown}`}
      style={{ minHeight: lines(minLines), maxHeight: lines(maxLines) }}
      role="textbox"
      aria-label={label}
      aria-readonly
      aria-multiline
      tabIndex={0}
      onKeyDown={(event) => {
        if (!(event.ctrlKey || event.metaKey) || event.key !== "a") return;
        event.preventDefault();
        getSelection()?.selectAllChildren(event.currentTarget);
      }}
    >
      {content}
    </pre>
  );
}

/**
 * The editor below knows keys by their codes on one keyboard, where a letter of another one stands for
 * a bracket, and leaves the input at Escape. Those keys are for the browser.
 */
function leaveToBrowser(event: KeyboardEvent) {
  const { selectionStart, selectionEnd } = event.currentTarget as HTMLTextAreaElement;
  const writes = event.key.length === 1 || event.key === "Dead";
  const over = writes && selectionStart !== selectionEnd && !event.ctrlKey && !event.metaKey;
  if (over || event.key === "Escape") event.defaultPrevented = true;
}

/**
 * A new line begins where the one before does. The browser writes it, so that it can be undone, and
 * scrolls to it; but not to a last line, for which there is no room until it is drawn.
 */
function breakLine(event: KeyboardEvent, scroll: HTMLElement | null) {
  const { value, selectionStart, selectionEnd } = event.currentTarget as HTMLTextAreaElement;
  const line = value.slice(value.lastIndexOf("\n", selectionStart - 1) + 1, selectionStart);
  const indent = /^[ \t]+/.exec(line);
  // nothing else can be undone
  if (!indent || !document.execCommand("insertText", false, `\n${indent[0]}`)) return;
  event.preventDefault();
  if (!value.includes("\n", selectionEnd))
    requestAnimationFrame(() => scroll?.scrollTo({ top: scroll.scrollHeight }));
}

function Editor(props: EditorProps) {
  const { label, value, language = "json", minLines = 4, maxLines = 24, onSubmit } = props;
  const box = useRef<HTMLDivElement>(null);
  const scroll = useRef<HTMLDivElement>(null);
  const message = useId();
  const [rested] = useDebouncedValue(value, patience);
  const fault = useMemo(
    () => (language === "json" && rested === value ? faultIn(value) : undefined),
    [language, rested, value],
  );
  const content = useMemo(
    () => (language === "json" ? jsonColored(value, fault) : value),
    [language, value, fault],
  );

  const describedBy = [props.describedBy, fault && message].filter(Boolean).join(" ");
  useLayoutEffect(() => {
    const input = box.current?.querySelector("textarea");
    input?.setAttribute("aria-label", label);
    input?.setAttribute("aria-invalid", String(fault !== undefined));
    if (describedBy) input?.setAttribute("aria-describedby", describedBy);
    else input?.removeAttribute("aria-describedby");
  }, [label, fault, describedBy]);

  return (
    <div ref={box} className={classes.box}>
      <div ref={scroll} className={classes.scroll} style={{ maxHeight: lines(maxLines) }}>
        <CodeEditor
          className={classes.editor}
          style={{ minHeight: lines(minLines) }}
          textareaId={props.id}
          value={value}
          onValueChange={(next) => props.onChange?.(next)}
          highlight={() => (
            <>
              {content}
              <br />
            </>
          )}
          padding={padding}
          ignoreTabKey
          onKeyDown={(event) => {
            if (onSubmit && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
              event.preventDefault();
              onSubmit();
            } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
              breakLine(event, scroll.current);
            } else {
              leaveToBrowser(event);
            }
          }}
        />
      </div>
      <div id={message} className={classes.fault} role="status">
        {fault?.text}
      </div>
    </div>
  );
}

/** Nothing when the text is JSON, else what is wrong with it. An empty text is no fault. */
export function jsonFault(text: string): string | undefined {
  return faultIn(text)?.text;
}

export function pretty(value: unknown): string {
  return value === undefined ? "" : JSON.stringify(value, null, 2);
}
