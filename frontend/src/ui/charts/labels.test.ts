import { describe, expect, it } from "vitest";
import { apart } from "./labels";

describe("labels of lines", () => {
  it("stay where they are when there is room", () => {
    expect(apart([{ y: 10 }, { y: 60 }], 14, 100).map(({ y }) => y)).toEqual([10, 60]);
  });

  it("move apart where they would lie on each other", () => {
    expect(apart([{ y: 20 }, { y: 22 }, { y: 24 }], 14, 100).map(({ y }) => y)).toEqual([20, 34, 48]);
  });

  it("stay inside the chart", () => {
    expect(apart([{ y: 98 }, { y: 99 }], 14, 100).map(({ y }) => y)).toEqual([86, 100]);
  });
});
