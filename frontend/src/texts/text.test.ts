import { describe, expect, it } from "vitest";
import { catalogue } from "./catalogue";
import { text, textOf } from "./text";

describe("texts", () => {
  it("put values in and choose the word by number", () => {
    expect(text("deed.selected", { n: 1 })).toBe("1 selected break");
    expect(text("deed.selected", { n: 3 })).toBe("3 selected breaks");
  });

  it("show an unknown code readably instead of failing", () => {
    expect(textOf("state", "in_review")).toBe("in review");
    expect(textOf("state", "some_new_state")).toBe("some new state");
  });

  it("have no empty entry by mistake", () => {
    const empty = Object.entries(catalogue).filter(([, words]) => words.trim() === "");
    expect(empty.map(([key]) => key)).toEqual(["worth.nothing"]);
  });
});
