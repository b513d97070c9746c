import { describe, expect, it } from "vitest";
import { parseSearch, stringifySearch } from "@/lib/parameters";
import { changed, filterOf, restrictions, workstationSearch } from "./address";
import { withinGroup } from "./grouping";
import { asked, order } from "./queries";

describe("the address of the workstation", () => {
  it("comes back as it was after it was written and read", () => {
    const search = workstationSearch({
      state: ["in_review", "returned"],
      older_than_days: "5",
      sort: "amount",
      down: "true",
      break: "ab",
    });
    expect(workstationSearch(parseSearch(stringifySearch(search)))).toEqual(search);
  });

  it("drops what nobody could have meant", () => {
    expect(workstationSearch({ sort: "1; drop table", older_than_days: "-3", tab: ["x"], by: "" })).toEqual(
      {},
    );
  });

  it("takes parameters away when they are undefined", () => {
    expect(changed({ field: ["fee"], sort: "key" }, { field: undefined })).toEqual({ sort: "key" });
  });

  it("means what waits for a maker unless states are named", () => {
    expect(asked({}).state).toEqual(["in_review", "returned"]);
    expect(asked({ state: ["all"] }).state).toHaveLength(6);
    expect(restrictions(filterOf({ sort: "key" }))).toBe(0);
  });

  it("carries what the server filters by, there and back", () => {
    const search = workstationSearch(
      parseSearch(
        "?currency=&younger_than_days=8&overdue=true&has_due=false&due_within_days=7&due_after_days=0&max_amount=5",
      ),
    );
    expect(search).toEqual({
      without: ["currency"],
      younger_than_days: 8,
      overdue: "true",
      has_due: "false",
      due_within_days: 7,
      due_after_days: 0,
      max_amount: "5",
    });
    expect(workstationSearch(parseSearch(stringifySearch(search)))).toEqual(search);
    expect(asked(filterOf(search))).toMatchObject({
      currency: [""],
      younger_than_days: 8,
      overdue: true,
      has_due: false,
      due_within_days: 7,
      due_after_days: 0,
      max_amount: "5",
    });
  });

  it("asks for breaks without a value beside those with one", () => {
    expect(asked({ currency: ["GBP"], without: ["currency", "assignee"] })).toMatchObject({
      currency: ["GBP", ""],
      assignee: [""],
    });
    expect(asked({ assignee: "ann", without: ["assigned_group"] })).toEqual({
      state: ["in_review", "returned"],
      assignee: ["ann"],
      assigned_group: [""],
    });
  });

  it("is ordered by key after a jump, whatever was chosen before", () => {
    expect(order({ sort: "amount", down: true })).toBe("-amount");
    expect(order({ sort: "amount", down: true, jump: "T-1" })).toBe("key");
  });

  it("adds the open heading to the filter", () => {
    expect(withinGroup({ by: "cause", open: "group:ff" })).toMatchObject({ group: "ff" });
    expect(withinGroup({ by: "assignee", open: "nobody:" })).toMatchObject({ assigned: "false" });
    expect(withinGroup({ by: "field", open: "fee", kind: ["value"] })).toMatchObject({
      field: ["fee"],
      kind: ["value"],
    });
  });
});
