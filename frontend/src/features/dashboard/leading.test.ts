import { describe, expect, it } from "vitest";
import { leading } from "./leading";

const OPEN = ["in_review", "proposed", "returned"];

describe("the list behind a figure", () => {
  it("keeps what the address can say", () => {
    expect(leading({ state: OPEN, currency: ["CAD"] })).toEqual({ state: OPEN, currency: ["CAD"] });
    expect(leading({ state: OPEN, cause: ["ab"] })).toEqual({ state: OPEN, cause: "ab" });
    expect(leading({ state: OPEN, assignee: ["ann"], assigned_group: [""] })).toEqual({
      state: OPEN,
      assignee: "ann",
    });
  });

  it("says nobody's in the words of the address", () => {
    expect(leading({ state: OPEN, assignee: [""], assigned_group: [""] })).toEqual({
      state: OPEN,
      assigned: "false",
    });
  });

  it("orders by due time what is about due times", () => {
    expect(leading({ state: OPEN, overdue: true })).toEqual({ state: OPEN, sort: "due" });
  });

  it("leads nowhere where the server says so", () => {
    expect(leading(null)).toBeUndefined();
  });
});
