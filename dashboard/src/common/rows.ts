type Value = string | number | boolean | null | undefined;

/** The rows of which one of the texts contains `words`; upper and lower case are the same. */
export function findRows<Row>(rows: Row[], words: string, texts: (row: Row) => Value[]): Row[] {
  const low = words.trim().toLowerCase();
  if (!low) return rows;
  return rows.filter((row) =>
    texts(row).some((each) =>
      String(each ?? "")
        .toLowerCase()
        .includes(low),
    ),
  );
}
