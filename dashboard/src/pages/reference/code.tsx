/** A sentence of the document, with what stands in backquotes as code. */
export function Code({ text }: { text: string }) {
  return text
    .split("`")
    .map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}
