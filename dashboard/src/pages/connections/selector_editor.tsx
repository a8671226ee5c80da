import {
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type ClipboardEvent,
  type KeyboardEvent,
} from "react";

import { colored } from "../../common/colored";
import { CompletionList, optionId } from "./completion_list";
import type { Option, Vocabulary } from "./selector_completion";
import classes from "./selector_editor.module.css";
import { faultyStretch, partsOf } from "./selector_syntax";
import { useCompletion } from "./use_completion";

export interface SelectorEditorProps {
  label: string;
  placeholder: string;
  value: string;
  words: Vocabulary;
  onChange: (text: string) => void;
  /** Enter, when no option is chosen. */
  onSubmit: () => void;
  /** 1-based, and what is wrong there. */
  fault?: { column?: number; text: string };
  /** The element that says what is wrong. */
  describedBy?: string;
}

const leaves = new Set(["ArrowLeft", "ArrowRight", "Home", "End"]);

/** An input of one line with colours below its letters and a list of what may be written. */
export function SelectorEditor(props: SelectorEditorProps) {
  const { value, fault, words } = props;
  const input = useRef<HTMLInputElement>(null);
  const paint = useRef<HTMLDivElement>(null);
  const list = useId();
  const { offer, ask, move, close } = useCompletion(value, words);
  const [left, setLeft] = useState(0);

  const column = fault?.column;
  const content = useMemo(() => {
    const wrong = column !== undefined && value ? faultyStretch(value, column) : undefined;
    return colored(value, partsOf(value), wrong);
  }, [value, column]);

  /** The letters stand where the input's own would. */
  const follow = () => {
    if (paint.current && input.current)
      paint.current.style.transform = `translateX(${-input.current.scrollLeft}px)`;
  };
  useLayoutEffect(follow);

  // Where the word begins that is being written: all letters are as wide as each other.
  const from = offer?.from;
  useLayoutEffect(() => {
    if (from === undefined || !paint.current || !input.current) return;
    const letters = [...value].length;
    const wide = letters ? paint.current.getBoundingClientRect().width / letters : 0;
    const begin = [...value.slice(0, from)].length * wide;
    setLeft(begin - input.current.scrollLeft);
  }, [from, value]);

  /** Puts a text in the place of another, so that the browser can undo it. */
  const insert = (text: string, begin: number, end: number) => {
    const element = input.current;
    if (!element) return;
    element.focus();
    element.setSelectionRange(begin, end);
    // nothing else can be undone
    document.execCommand("insertText", false, text);
  };
  const take = (option: Option) => {
    if (offer) insert(option.apply ?? option.label, offer.from, offer.to);
  };

  const askHere = () => {
    const element = input.current;
    if (element) void ask(element.value, element.selectionStart ?? element.value.length, true);
  };

  const onKey = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    const chosen = offer?.options[offer.active];
    const { key } = event;
    if ((key === " " && event.ctrlKey) || (key === "ArrowDown" && !offer)) askHere();
    else if (key === "ArrowDown") move(1);
    else if (key === "ArrowUp" && offer) move(-1);
    else if (chosen && (key === "Enter" || (key === "Tab" && !event.shiftKey))) take(chosen);
    else if (key === "Enter") {
      close();
      props.onSubmit();
    } else if (key === "Escape" && offer) {
      event.stopPropagation();
      close();
    } else {
      if (leaves.has(key)) close();
      return;
    }
    event.preventDefault();
  };

  /** What is pasted with several lines becomes one. */
  const onPaste = (event: ClipboardEvent<HTMLInputElement>) => {
    const text = event.clipboardData.getData("text");
    if (!text.includes("\n")) return;
    event.preventDefault();
    const { selectionStart, selectionEnd } = event.currentTarget;
    insert(text.trim().replace(/\s*\n\s*/g, " "), selectionStart ?? 0, selectionEnd ?? 0);
  };

  return (
    <div className={classes.box}>
      <div className={classes.window} aria-hidden>
        <div ref={paint} className={classes.paint}>
          {content}
        </div>
      </div>
      <input
        ref={input}
        className={classes.input}
        type="text"
        role="combobox"
        aria-label={props.label}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-expanded={offer !== undefined}
        aria-controls={offer && list}
        aria-activedescendant={
          offer && offer.active >= 0 ? optionId(list, offer.active) : undefined
        }
        aria-invalid={fault !== undefined}
        aria-describedby={props.describedBy}
        placeholder={props.placeholder}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        autoComplete="off"
        value={value}
        onChange={(event) => {
          const element = event.currentTarget;
          props.onChange(element.value);
          void ask(element.value, element.selectionStart ?? element.value.length, false);
        }}
        onKeyDown={onKey}
        onPaste={onPaste}
        onClick={close}
        onBlur={close}
        onScroll={follow}
        onSelect={follow}
      />
      {offer && <CompletionList id={list} offer={offer} left={left} onTake={take} />}
    </div>
  );
}
