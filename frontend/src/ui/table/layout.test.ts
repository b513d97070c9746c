import { describe, expect, it } from "vitest";
import { withHeadings } from "./items";
import { fitted, moved, shipped } from "./layout";
import type { Column } from "./types";

const column = (id: string, more: Partial<Column<null>> = {}): Column<null> => ({
  id,
  head: id,
  width: 100,
  cell: () => id,
  ...more,
});
const COLUMNS = [column("key", { fixed: true }), column("a"), column("b"), column("due", { hidden: true })];

describe("layout of a table", () => {
  it("puts columns that are new last and drops those that are gone", () => {
    const layout = fitted(COLUMNS, { order: ["b", "gone", "key"], hidden: ["gone"], widths: {} });
    expect(layout.order).toEqual(["b", "key", "a", "due"]);
    expect(layout.hidden).toEqual(["due"]);
  });

  it("never hides the column by which rows are known", () => {
    expect(fitted(COLUMNS, { ...shipped(COLUMNS), hidden: ["key", "a"] }).hidden).toEqual(["a"]);
  });

  it("moves a column to the place of another, in both directions", () => {
    expect(moved(["a", "b", "c"], "a", "c")).toEqual(["b", "c", "a"]);
    expect(moved(["a", "b", "c"], "c", "a")).toEqual(["c", "a", "b"]);
    expect(moved(["a", "b"], "a", "missing")).toEqual(["a", "b"]);
  });

  it("sets a heading wherever what it says changes", () => {
    const kinds = withHeadings([1, 2, 11], (row) => (row < 10 ? "low" : "high"), true).map(
      (item) => item.kind,
    );
    expect(kinds).toEqual(["heading", "row", "row", "heading", "row", "more"]);
  });
});
