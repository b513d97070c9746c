import { describe, expect, it } from "vitest";
import { recordedBreak } from "@/testing/breaks";
import { type BreakDetail, lineOf } from "./detail";
import { waits } from "./types";

const DETAIL: BreakDetail = {
  ...recordedBreak({ state: "returned" }),
  recon: "fx_trades",
  business_date: "2026-11-21",
  present: true,
  gone_on: null,
  explanation: null,
  cause: null,
  beside: [],
  decisions: [],
  reasons: [],
  record: [],
  rows_a: 1,
  rows_b: 1,
  spans_a: [],
  spans_b: [],
};

describe("a break that no list holds", () => {
  it("can be decided as long as it waits, returned or not", () => {
    const line = lineOf(DETAIL);
    expect(line?.break_id).toBe(DETAIL.break_id);
    expect(line !== undefined && waits(line)).toBe(true);
    const passed = lineOf({ ...DETAIL, state: "passed" });
    expect(passed !== undefined && waits(passed)).toBe(false);
  });

  it("is no line once it is resolved, or before it is loaded", () => {
    expect(lineOf({ ...DETAIL, state: "resolved" })).toBeUndefined();
    expect(lineOf(undefined)).toBeUndefined();
  });
});
