import { useEffect, useLayoutEffect, useRef } from "react";

import classes from "./selector_editor.module.css";
import type { Option } from "./selector_completion";
import type { Completion } from "./use_completion";

export const optionId = (list: string, index: number) => `${list}-${index}`;

/** So far from the window's edge. */
const margin = 8;

/** The options of a completion, where the word at the caret begins. */
export function CompletionList(props: {
  id: string;
  offer: Completion;
  /** From the left edge of the box, in px. */
  left: number;
  onTake: (option: Option) => void;
}) {
  const { id, offer, left } = props;
  const box = useRef<HTMLDivElement>(null);
  const active = offer.options[offer.active];

  // What would stand out of the window is moved in.
  useLayoutEffect(() => {
    const element = box.current;
    const around = element?.offsetParent?.getBoundingClientRect();
    if (!element || !around) return;
    const room = document.documentElement.clientWidth - margin - around.left - element.offsetWidth;
    element.style.left = `${Math.max(margin - around.left, Math.min(left, room))}px`;
  }, [left, offer]);

  useEffect(() => {
    const option = document.getElementById(optionId(id, offer.active));
    option?.scrollIntoView({ block: "nearest" });
  }, [id, offer]);

  return (
    <div ref={box} className={classes.popup}>
      <ul id={id} className={classes.list} role="listbox" aria-label="Completions">
        {offer.options.map((option, index) => (
          <li
            key={option.label}
            id={optionId(id, index)}
            className={classes.option}
            role="option"
            aria-selected={index === offer.active}
            // The caret stays where it is.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => props.onTake(option)}
          >
            <span className={classes.label}>{option.label}</span>
            {option.detail && <span className={classes.detail}>{option.detail}</span>}
          </li>
        ))}
      </ul>
      {offer.options.some((each) => each.info) && (
        <div className={classes.info}>{active?.info}</div>
      )}
    </div>
  );
}
