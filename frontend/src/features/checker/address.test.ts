import { describe, expect, it } from "vitest";
import { changed, checkerSearch, placeOf } from "./address";

describe("the address of the desk", () => {
  it("keeps what it knows and drops the rest", () => {
    expect(checkerSearch({ tab: "rules", stage: "soon", item: "fx/3", other: "1" })).toEqual({
      tab: "rules",
      item: "fx/3",
    });
  });

  it("loses what is set to nothing", () => {
    expect(changed({ tab: "rules", item: "fx/3" }, { item: undefined })).toEqual({ tab: "rules" });
  });

  it("tells the recon from the number", () => {
    expect(placeOf("fx_trades/12")).toEqual({ name: "fx_trades", number: 12 });
  });

  it("takes nothing else for a place", () => {
    for (const item of [undefined, "", "fx", "/3", "fx/", "fx/-1", "fx/1.5", "fx/x"]) {
      expect(placeOf(item)).toBeUndefined();
    }
  });
});
