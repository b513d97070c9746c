import { act, renderHook } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { recordedBreak } from "@/testing/breaks";
import { useSelection } from "./useSelection";

const ROWS = ["a", "b", "c"].map((letter) => recordedBreak({ break_id: letter.repeat(32), key: [letter] }));
const key = (letter: string) => letter.repeat(32);

describe("ticked rows", () => {
  it("stay while more rows are loaded, and are gone in another list", () => {
    const { result, rerender } = renderHook(({ rows, list }) => useSelection(rows, list), {
      initialProps: { rows: ROWS.slice(0, 2), list: "open" },
    });
    act(() => result.current.onCheck(key("a"), false));
    rerender({ rows: ROWS, list: "open" });
    expect([...result.current.checked]).toEqual([key("a")]);
    rerender({ rows: ROWS, list: "rejected" });
    expect(result.current.checked.size).toBe(0);
  });

  it("never mean everything of a filter that was chosen later", () => {
    const { result, rerender } = renderHook(({ list }) => useSelection(ROWS, list), {
      initialProps: { list: "open" },
    });
    act(() => result.current.takeEverything());
    expect(result.current.everything).toBe(true);
    rerender({ list: "rejected" });
    expect(result.current.everything).toBe(false);
    expect(result.current.checked.size).toBe(0);
  });

  it("are all between two with Shift", () => {
    const { result } = renderHook(() => useSelection(ROWS, "open"));
    act(() => result.current.onCheck(key("a"), false));
    act(() => result.current.onCheck(key("c"), true));
    expect([...result.current.checked].sort()).toEqual([key("a"), key("b"), key("c")]);
  });
});
