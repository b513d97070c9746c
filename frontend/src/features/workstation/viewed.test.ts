import { describe, expect, it } from "vitest";
import type { Column } from "@/ui/table/types";
import { columnsOf, layoutOf } from "./viewed";

const COLUMNS: Column<string>[] = [
  { id: "key", head: "Key", width: 10, fixed: true, cell: String },
  { id: "a", head: "A", width: 10, cell: String },
  { id: "age", head: "Age", width: 10, cell: String },
  { id: "kind", head: "Kind", width: 10, hidden: true, cell: String },
];

describe("columns of a saved view", () => {
  it("are those that are shown, in their order, by the names of the server", () => {
    expect(columnsOf(COLUMNS, undefined)).toEqual(["key", "value_a", "age_days"]);
    expect(columnsOf(COLUMNS, { order: ["age", "kind", "key", "a"], hidden: ["a"] })).toEqual([
      "age_days",
      "kind",
      "key",
    ]);
  });

  it("come back as they were kept, with the widths of the person who opens it", () => {
    const mine = { order: ["key", "a", "age", "kind"], hidden: ["kind"], widths: { a: 77 } };
    const layout = layoutOf(COLUMNS, ["kind", "age_days", "key"], mine);
    expect(layout).toEqual({ order: ["kind", "age", "key", "a"], hidden: ["a"], widths: { a: 77 } });
    expect(columnsOf(COLUMNS, layout)).toEqual(["kind", "age_days", "key"]);
  });

  it("never hide the key, and change nothing where none of them is known", () => {
    expect(columnsOf(COLUMNS, layoutOf(COLUMNS, ["value_a"], undefined))).toEqual(["value_a", "key"]);
    expect(layoutOf(COLUMNS, [], undefined)).toBeUndefined();
    expect(layoutOf(COLUMNS, ["explanation"], undefined)).toBeUndefined();
  });
});
