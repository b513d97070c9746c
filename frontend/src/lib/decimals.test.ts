import { describe, expect, it } from "vitest";
import { difference, formatDecimal, formatShort, sum } from "./decimals";

describe("decimals", () => {
  it("keeps every digit of an amount that no float could hold", () => {
    expect(formatDecimal("123456789012345678901.2300", "en-GB")).toBe("123,456,789,012,345,678,901.2300");
  });

  it("writes an amount as the locale does without changing its value", () => {
    expect(formatDecimal("-1234567.50", "de-DE")).toBe("-1.234.567,50");
  });

  it("leaves text that is no number as it is", () => {
    expect(formatDecimal("n/a", "en-GB")).toBe("n/a");
  });

  it("subtracts exactly, at the finer scale of the two", () => {
    expect(difference("0.1", "0.30")).toBe("0.20");
    expect(difference("61646260.83", "6164626083.00")).toBe("6102979822.17");
    expect(difference("1", "x")).toBeUndefined();
  });

  it("adds exactly and understands exponents", () => {
    expect(sum(["0.1", "0.2", "1e2", "-0.30"])).toBe("100.00");
    expect(sum([])).toBe("0");
  });

  it("shortens large amounts to three digits and leaves small ones whole", () => {
    expect(formatShort("2490000000.12", "en-GB")).toBe("2.49 bn");
    expect(formatShort("-12345678", "en-GB")).toBe("-12.3 M");
    expect(formatShort("9999.99", "en-GB")).toBe("9,999");
  });
});
