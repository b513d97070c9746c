import { describe, expect, it } from "vitest";
import { beside, type Entry, following, grouped } from "./entries";

const entry = (id: string, maker: string, about: string): Entry => ({
  id,
  maker,
  about,
  title: id,
  recon: "fx",
  at: null,
  count: 1,
  eyes: 4,
  state: "proposed",
  decided: null,
});

const LIST = [
  entry("1", "ann", "b = -a"),
  entry("2", "ben", "b = -a"),
  entry("3", "ann", "x"),
  entry("4", "ann", "b = -a"),
];

describe("the list of the desk", () => {
  it("stands by maker, then by cause, the newest first", () => {
    expect(
      grouped(LIST).map(({ maker, about, entries }) => [maker, about, entries.map(({ id }) => id)]),
    ).toEqual([
      ["ann", "b = -a", ["1", "4"]],
      ["ann", "x", ["3"]],
      ["ben", "b = -a", ["2"]],
    ]);
  });

  it("stops at both ends", () => {
    expect(beside(LIST, "4", 1)?.id).toBe("4");
    expect(beside(LIST, "1", -1)?.id).toBe("1");
    expect(beside(LIST, undefined, 1)?.id).toBe("1");
  });

  it("goes on to the one below, and at the end to the one above", () => {
    expect(following(LIST, "2")?.id).toBe("3");
    expect(following(LIST, "4")?.id).toBe("3");
    expect(following([entry("1", "ann", "x")], "1")).toBeUndefined();
  });
});
