import { describe, expect, it } from "vitest";
import { differing } from "./differing";

const words = (pieces: { text: string }[]) => pieces.map((piece) => piece.text).join("");
const marked = (pieces: { text: string; changed: boolean }[]) =>
  pieces.filter((piece) => piece.changed).map((piece) => piece.text);

describe("differing characters", () => {
  it("marks nothing in equal values", () => {
    expect(
      differing("abc", "abc")
        .flat()
        .some((piece) => piece.changed),
    ).toBe(false);
  });

  it("marks the digits that differ and no others", () => {
    const [a, b] = differing("39.2822", "39.2947");
    expect(marked(a).join("")).toBe("822");
    expect(marked(b).join("")).toBe("947");
  });

  it("gives both values back unchanged, also with signs outside the first plane", () => {
    const [a, b] = differing("a😀b", "a😁bc");
    expect([words(a), words(b)]).toEqual(["a😀b", "a😁bc"]);
    expect(marked(a)).toEqual(["😀"]);
  });

  it("takes very long values as wholly changed instead of taking long", () => {
    const [a] = differing("x".repeat(5000), "y".repeat(5000));
    expect(a).toEqual([{ text: "x".repeat(5000), changed: true }]);
  });
});
