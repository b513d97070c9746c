import { describe, expect, it } from "vitest";
import { drafted, NO_SOURCE, paired, unpaired, written } from "./draft";
import type { Inferred } from "./queries";

const found: Inferred = {
  document: "",
  pairs: [
    {
      field: "id",
      column_a: "TradeID",
      column_b: "Transaction ID",
      type: "string",
      how: "values",
      overlap: 0.99,
      conflict: null,
      steps_a: ["strip", '{remove: "-"}'],
      steps_b: [],
      key: true,
    },
    {
      field: "notional",
      column_a: "Notional",
      column_b: "Amount",
      type: "decimal(18,2)",
      how: "name",
      overlap: null,
      conflict: null,
      steps_a: [],
      steps_b: [],
      key: false,
    },
  ],
  key: ["id"],
  key_evidence: null,
  unpaired_a: ["Desk"],
  unpaired_b: ["Book"],
  context: ["Desk", "Book"],
  notes: [],
  a: { columns: ["TradeID", "Notional", "Desk"], rows: [] },
  b: { columns: ["Transaction ID", "Amount", "Book"], rows: [] },
};
const sources = {
  a: { ...NO_SOURCE, location: "connection://front/a.csv", system: "front" },
  b: { ...NO_SOURCE, location: "connection://back/b.csv", delimiter: ";", skipRows: "2" },
};
const draft = drafted("fx", sources, found);

describe("a draft", () => {
  it("is written as the definition that was inferred", () => {
    expect(written(draft)).toBe(
      [
        "recon: fx",
        "sources:",
        '  a: {system: front, location: "connection://front/a.csv"}',
        '  b: {location: "connection://back/b.csv", delimiter: ";", skip_rows: 2}',
        "key: [id]",
        "fields:",
        "  id:",
        "    type: string",
        '    a: {column: TradeID, normalise: [strip, {remove: "-"}]}',
        '    b: "Transaction ID"',
        "  notional:",
        "    type: decimal(18,2)",
        "    a: Notional",
        "    b: Amount",
        "context: [Desk, Book]",
        "",
      ].join("\n"),
    );
  });

  it("writes tolerances as numbers and what is none as text, so that the server can say what is wrong", () => {
    const with_ = (measure: string) =>
      written({
        ...draft,
        pairs: draft.pairs.map((pair) =>
          pair.field === "notional" ? { ...pair, compare: "absolute" as const, measure } : pair,
        ),
      });
    expect(with_("0.01")).toContain("    compare: {absolute: 0.01}\n");
    expect(with_("a bit")).toContain('    compare: {absolute: "a bit"}\n');
  });

  it("quotes words that YAML would read as something else", () => {
    const said = written({
      ...draft,
      recon: "no",
      pairs: draft.pairs.map((pair) => ({ ...pair, a: "yes: 1" })),
    });
    expect(said).toContain('recon: "no"\n');
    expect(said).toContain('column: "yes: 1"');
  });

  it("cannot be broken out of by a step that holds a new line", () => {
    const pairs = draft.pairs.map((pair) => ({ ...pair, stepsA: "strip\ngate: {promise: 0}" }));
    expect(written({ ...draft, pairs }).split("\n")).not.toContain("gate: {promise: 0}");
  });

  it("pairs two columns under a name that is free, and carries them no longer", () => {
    const made = paired(draft, "Desk", "Book");
    expect(made.pairs.at(-1)).toMatchObject({ field: "Desk", a: "Desk", b: "Book", key: false });
    expect(made.context).toEqual([]);
  });

  it("keeps what was entered for a field when one of its columns is paired otherwise", () => {
    const made = paired(draft, "TradeID", "Book");
    expect(made.pairs.map(({ a, b }) => [a, b])).toEqual([
      ["Notional", "Amount"],
      ["TradeID", "Book"],
    ]);
    expect(made.pairs.at(-1)).toMatchObject({ field: "id", key: true, stepsA: 'strip, {remove: "-"}' });
    expect(unpaired(made, "b", found.b.columns)).toEqual(["Transaction ID"]);
  });

  it("writes amount, checks, table and schedule where they are given", () => {
    const check = { kind: "range" as const, field: "notional", min: "0", max: "", values: "", pattern: "" };
    const said = written({
      ...draft,
      amount: "notional",
      currency: "Desk",
      checks: [check, { ...check, kind: "allowed", min: "", values: "A, B" }],
      table: "trade",
      cron: "0 6 * * 1-5",
      timezone: "Europe/London",
    });
    expect(said).toContain("amount: {field: notional, currency: Desk}\n");
    expect(said).toContain("    - {range: {field: notional, min: 0}}\n");
    expect(said).toContain('    - {allowed: {field: notional, values: ["A", "B"]}}\n');
    expect(said).toContain("store: {table: trade}\n");
    expect(said).toContain('schedule: {cron: "0 6 * * 1-5", timezone: "Europe/London"}\n');
  });
});
