import { useElementSize } from "@mantine/hooks";

import type { Column } from "./table";

/** Measures the place of a table, and leaves out the columns for which it has no room. */
export function useRoom<Row>(columns: Array<Column<Row>>) {
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const shown = columns.filter((each) => !each.from || width === 0 || width >= each.from);
  return { ref, width, height, shown };
}
