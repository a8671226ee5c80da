/** Goes to the input of a field, once what is wrong with it is shown. */
export function focusField(name: string | undefined): void {
  if (!name) return;
  requestAnimationFrame(() =>
    document
      .querySelector<HTMLElement>(
        `[data-field="${CSS.escape(name)}"] :is(input, select, textarea, button)`,
      )
      ?.focus(),
  );
}
