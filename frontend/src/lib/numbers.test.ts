import { describe, expect, it } from "vitest";
import { formatConfidence, formatShare } from "./numbers";

describe("shares and confidences", () => {
  it("never round up to certainty or down to nothing", () => {
    expect(formatShare(0.99999, "en-GB")).toBe("99.9%");
    expect(formatShare(0.00001, "en-GB")).toBe("0.1%");
    expect(formatShare(1, "en-GB")).toBe("100%");
    expect(formatConfidence(0.9999)).toBe("0.99");
    expect(formatConfidence(1)).toBe("1.00");
  });
});
