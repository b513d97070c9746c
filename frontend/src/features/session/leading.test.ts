import { describe, expect, it } from "vitest";
import { leading } from "./leading";

const OPEN = ["in_review", "proposed", "returned"];

describe("the list behind a figure", () => {
  it("keeps what the address can say", () => {
    expect(leading({ state: OPEN, currency: ["CAD"] })).toEqual({ state: OPEN, currency: ["CAD"] });
    expect(leading({ state: OPEN, cause: ["ab"] })).toEqual({ state: OPEN, cause: "ab" });
    expect(leading({ state: OPEN, older_than_days: 2, younger_than_days: 8 })).toEqual({
      state: OPEN,
      older_than_days: 2,
      younger_than_days: 8,
    });
    expect(leading({ state: ["passed"], method: ["rule", "model"] })).toEqual({
      state: ["passed"],
      method: ["rule", "model"],
    });
  });

  it("says what breaks are without in the words of the address", () => {
    expect(leading({ state: OPEN, assignee: ["ann"], assigned_group: [""] })).toEqual({
      state: OPEN,
      assignee: "ann",
      without: ["assigned_group"],
    });
    expect(leading({ state: OPEN, assignee: [""], assigned_group: [""] })).toEqual({
      state: OPEN,
      without: ["assignee", "assigned_group"],
    });
    expect(leading({ state: OPEN, currency: [""] })).toEqual({ state: OPEN, without: ["currency"] });
  });

  it("orders by due time what is about due times", () => {
    expect(leading({ state: OPEN, overdue: true })).toEqual({ state: OPEN, overdue: "true", sort: "due" });
    expect(leading({ state: OPEN, due_after_days: 0, due_within_days: 1 })).toEqual({
      state: OPEN,
      due_after_days: 0,
      due_within_days: 1,
      sort: "due",
    });
    expect(leading({ state: OPEN, has_due: false })).toEqual({ state: OPEN, has_due: "false" });
  });

  it("leads nowhere where the server says so", () => {
    expect(leading(null)).toBeUndefined();
  });
});
