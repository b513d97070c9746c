import { describe, expect, it } from "vitest";
import { comparisonSearch, runSearch, runsSearch } from "./address";
import { rate, readEvent } from "./live";
import { isOver } from "./queries";

describe("the live line of a run", () => {
  it("tells where the run is", () => {
    const told = readEvent('{"run":7,"state":"comparing","error":null,"stages":[],"progress":null}');
    expect(told).toMatchObject({ run: 7, state: "comparing" });
  });

  it("tells nothing of a run that is gone", () => {
    expect(readEvent('{"run":7,"state":"gone"}')).toBeUndefined();
  });

  it("has a rate only where time has passed and rows were read", () => {
    expect(rate(900, 3)).toBe(300);
    expect(rate(900, 0)).toBeUndefined();
    expect(rate(null, 3)).toBeUndefined();
    expect(rate(0, 3)).toBe(0);
  });

  it("ends with states that nobody works on", () => {
    expect(["queued", "deciding", "awaiting_review", "failed"].map(isOver)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });
});

describe("addresses of runs", () => {
  it("keep what is known and drop what is not", () => {
    expect(runsSearch({ state: "failed", from: "2026-11-02", to: "soon", other: "1" })).toEqual({
      state: "failed",
      from: "2026-11-02",
    });
    expect(runSearch({ tab: "log" })).toEqual({ tab: "log" });
    expect(runSearch({ tab: "secrets" })).toEqual({});
    expect(comparisonSearch({ with: "12" })).toEqual({ with: 12 });
    expect(comparisonSearch({ with: "-1" })).toEqual({});
  });
});
