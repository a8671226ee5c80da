import { visible } from "./visible";

/** A text that somebody else chose: harmless, in its own direction, cut with an ellipsis. */
export function Name(props: {
  of: string | null | undefined;
  max?: number;
  mono?: boolean;
  dim?: boolean;
  /** For where the whole text is to be read: it wraps. */
  wrap?: boolean;
  empty?: string;
}) {
  const { of, max = 300, mono, dim, wrap, empty = "\u2013" } = props;
  if (of === null || of === undefined || of === "") return <span className="dim">{empty}</span>;
  const text = visible(of, max);
  const classes = [mono && "mono", dim && "dim", !wrap && "clip"].filter(Boolean).join(" ");
  return (
    <bdi
      className={classes || undefined}
      title={wrap ? undefined : visible(of, 600)}
      style={
        wrap
          ? { overflowWrap: "anywhere" }
          : { display: "inline-block", maxWidth: "100%", verticalAlign: "bottom" }
      }
    >
      {text}
    </bdi>
  );
}
