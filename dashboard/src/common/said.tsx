import { useEffect, useRef } from "react";

/** What has been done, said quietly; it goes by itself. */
export function Said(props: { text: string; onGone: () => void }) {
  const { text } = props;
  const gone = useRef(props.onGone);
  gone.current = props.onGone;
  useEffect(() => {
    if (!text) return;
    const timer = setTimeout(() => gone.current(), 8000);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div
      role="status"
      className={text ? "good" : "visually-hidden"}
      style={{ overflowWrap: "anywhere" }}
    >
      {text}
    </div>
  );
}
