import type { CSSProperties } from "react";

/** Where a line of a virtual list stands. A line has a fixed size and shows nothing outside of it, so that the browser lays out and paints it alone. */
export function placed(start: number): CSSProperties {
  return { top: start, contain: "strict" };
}
