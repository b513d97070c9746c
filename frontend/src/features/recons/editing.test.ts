import { describe, expect, it } from "vitest";
import type { Draft } from "./draft";
import { editedDefinition, readDefinition } from "./editing";

const TEXT = `# Front office against back office
recon: fx_trades
description: Simulated
sources:
  a: {system: front, location: "connection://demo/{business_date}/fo_*.csv", where: "qty > 0"}
  b: {system: back, location: ["b1.csv", "b2.csv"]}
key: [trade_id, leg]
fields:
  trade_id:
    type: string
    a: {column: TradeID, normalise: [strip, upper, {remove: "-"}]}
    b: {column: Transaction_ID, normalise: [strip, {prefix: TRD}]}
  leg: {a: {expression: "coalesce(leg, 1)"}, b: Leg} # of a swap
  side:
  notional:
    type: decimal(18,2)
    a: NotionalAmt
    b: Notional_Value
    compare: {absolute: 0.010}
    authority: b
  executed_at: {type: timestamp, a: ExecTime, b: Exec_TS, compare: {seconds: 2, ignore: false}}
amount: {field: notional, currency: currency}
context: [desk, currency]
max_rejects: 1e-2 # of a hundred
gate:
  authority: a
  checks:
    - {not_null: [notional]} # always
    - {not_null: [side, notional]}
    - {range: {field: notional, min: 0}}
    - {depends: {on: [a], gives: [b]}}
store: {table: trade, references: {counterparty: {key: [code], fields: [name]}}}
schedule: {cron: "0 6 * * 1-5", timezone: Europe/London, wait_for_files: 30}
`;

function read(document: string) {
  const found = readDefinition(document);
  if (found === undefined) throw new Error("the definition is not read");
  return found;
}

const reading = read(TEXT);
const draft = reading.draft;
const edited = (part: Partial<Draft>) => editedDefinition(TEXT, draft, { ...draft, ...part });
const pair = (field: string, part: object) => ({
  pairs: draft.pairs.map((one) => (one.field === field ? { ...one, ...part } : one)),
});
/** The lines that differ. */
const differs = (after: string) => {
  const [a, b] = [TEXT.split("\n"), after.split("\n")];
  return { gone: a.filter((line) => !b.includes(line)), fresh: b.filter((line) => !a.includes(line)) };
};

describe("a definition in the form", () => {
  it("shows what it can and names what it keeps", () => {
    expect(draft.pairs.map(({ field, a, b }) => [field, a, b])).toEqual([
      ["trade_id", "TradeID", "Transaction_ID"],
      ["side", "side", "side"],
      ["notional", "NotionalAmt", "Notional_Value"],
    ]);
    expect(draft.pairs[0]).toMatchObject({ key: true, stepsA: 'strip, upper, {remove: "-"}' });
    expect(draft.pairs[2]).toMatchObject({ compare: "absolute", measure: "0.010", type: "decimal(18,2)" });
    expect(draft.checks.map(({ kind, field }) => [kind, field])).toEqual([
      ["not_null", "notional"],
      ["range", "notional"],
    ]);
    expect(draft).toMatchObject({
      amount: "notional",
      currency: "currency",
      table: "trade",
      cron: "0 6 * * 1-5",
    });
    expect(reading.kept).toEqual([
      "description",
      "sources",
      "max_rejects",
      "fields.leg",
      "fields.notional.authority",
      "fields.executed_at",
      "schedule.wait_for_files",
      "store.references",
      "gate.authority",
      "gate.checks[1]",
      "gate.checks[3]",
    ]);
  });

  it("is untouched where nothing was changed, and changed in one line where one thing was", () => {
    expect(edited({})).toBe(TEXT);
    expect(differs(edited(pair("notional", { measure: "0.05" })))).toEqual({
      gone: ["    compare: {absolute: 0.010}"],
      fresh: ["    compare: {absolute: 0.05}"],
    });
    expect(differs(edited(pair("notional", { compare: "exact", measure: "" })))).toEqual({
      gone: ["    compare: {absolute: 0.010}"],
      fresh: [],
    });
  });

  it("keeps fields of the key that it does not show, in their order", () => {
    expect(differs(edited(pair("side", { key: true }))).fresh).toEqual(["key: [trade_id, leg, side]"]);
    expect(differs(edited(pair("trade_id", { key: false }))).fresh).toEqual(["key: [leg]"]);
  });

  it("gives a field that named no columns its columns when it is called otherwise", () => {
    expect(differs(edited(pair("side", { field: "direction" }))).fresh.join("")).toContain(
      "direction: {a: side, b: side}",
    );
  });

  it("adds and removes checks among those that it does not show", () => {
    const [first] = draft.checks;
    const fresh = { kind: "unique" as const, field: "side", min: "", max: "", values: "", pattern: "" };
    expect(differs(edited({ checks: [...draft.checks, fresh] }))).toEqual({
      gone: [],
      fresh: ["    - {unique: [side]}"],
    });
    expect(differs(edited({ checks: draft.checks.filter((one) => one !== first) }))).toEqual({
      gone: ["    - {not_null: [notional]} # always"],
      fresh: [],
    });
  });

  it("never takes away what else a schedule or a store says", () => {
    expect(differs(edited({ cron: "0 7 * * *" })).fresh).toEqual([
      'schedule: {cron: "0 7 * * *", timezone: "Europe/London", wait_for_files: 30}',
    ]);
    expect(differs(edited({ cron: "" })).fresh.join("")).toContain("wait_for_files: 30");
    expect(differs(edited({ table: "" })).fresh.join("")).toContain("references:");
  });

  it("takes a field out and puts a new one in", () => {
    const without = edited({ pairs: draft.pairs.filter(({ field }) => field !== "side") });
    expect(differs(without)).toEqual({ gone: ["  side:"], fresh: [] });
    const made = {
      ...draft.pairs[2],
      id: "new",
      field: "fee",
      a: "Fee",
      b: "Fee Amt",
    } as Draft["pairs"][number];
    expect(differs(edited({ pairs: [...draft.pairs, made] })).fresh.join("\n")).toContain(
      'fee: {type: "decimal(18,2)", a: Fee, b: "Fee Amt", compare: {absolute: 0.010}}',
    );
  });

  it("makes a mapping of a list of fields when one of them says more", () => {
    const short = "recon: r\nsources: {a: a.csv, b: b.csv}\nkey: [id]\nfields: [id, fee]\n";
    const found = read(short).draft;
    expect(found.sources.a.location).toBe("a.csv");
    const after = {
      ...found,
      pairs: found.pairs.map((one) => ({ ...one, ...(one.field === "fee" ? { type: "float" } : {}) })),
    };
    expect(readDefinition(editedDefinition(short, found, after))?.draft.pairs).toEqual(
      after.pairs.map((one) => ({ ...one, overlap: null })),
    );
  });

  it("says so where the text is no definition", () => {
    expect(readDefinition("recon: [")).toBeUndefined();
    expect(readDefinition("just words")).toBeUndefined();
  });
});
