import type { Group } from "./types";

/** What a table draws in one line. */
export type Item<Row> =
  | { kind: "heading"; words: string }
  | { kind: "group"; group: Group }
  | { kind: "row"; row: Row; at: number }
  | { kind: "more" };

/** Rows with a heading wherever what `headingOf` says changes. */
export function withHeadings<Row>(
  rows: readonly Row[],
  headingOf: (row: Row) => string,
  more: boolean,
): Item<Row>[] {
  const items: Item<Row>[] = [];
  let last: string | undefined;
  rows.forEach((row, at) => {
    const words = headingOf(row);
    if (words !== last) items.push({ kind: "heading", words });
    last = words;
    items.push({ kind: "row", row, at });
  });
  if (more) items.push({ kind: "more" });
  return items;
}
