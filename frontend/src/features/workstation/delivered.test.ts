import { describe, expect, it } from "vitest";
import { rawOf, unread, type DeliveredRecord } from "./delivered";

const record: DeliveredRecord = {
  a: {
    run: 1,
    business_date: "2026-11-20",
    rows: [
      [
        { column: "Ref", text: " t1 ", fields: ["id"] },
        { column: "Amt", text: "1,2", fields: ["amount", "rounded"] },
        { column: "Desk", text: "north", fields: [] },
        { column: "Note", text: null, fields: [] },
      ],
      [
        { column: "Ref", text: "T1", fields: ["id"] },
        { column: "Amt", text: null, fields: ["amount", "rounded"] },
        { column: "Desk", text: "south", fields: [] },
        { column: "Note", text: null, fields: [] },
      ],
    ],
  },
  b: null,
};

describe("a record as it was delivered", () => {
  it("gives a raw text for each row of a key that repeats", () => {
    expect(rawOf(record, "id")).toEqual({ a: [" t1 ", "T1"], b: undefined });
  });

  it("gives one column to every field that is read from it, and says where it holds nothing", () => {
    expect(rawOf(record, "rounded").a).toEqual(["1,2", null]);
  });

  it("gives nothing for a field that is computed", () => {
    expect(rawOf(record, "doubled")).toEqual({ a: undefined, b: undefined });
  });

  it("tells the columns that no field is read from, where they say something", () => {
    expect(unread(record.a).map((cell) => cell.column)).toEqual(["Desk"]);
    expect(unread(record.b)).toEqual([]);
  });
});
