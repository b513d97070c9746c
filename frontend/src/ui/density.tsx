import { createContext, use } from "react";

export type Density = "compact" | "comfortable";

export const DensityContext = createContext<Density>("compact");

/** Pixels of a table's row; the same numbers as `--row` in tokens.css. */
export function useRowHeight(): number {
  return use(DensityContext) === "compact" ? 28 : 36;
}
