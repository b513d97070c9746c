/** Counts and shares; these are small enough for a float, money is not (see decimals.ts). */

import { numberFormat } from "./formatters";

export function formatCount(value: number, locale: string): string {
  return numberFormat(locale).format(value);
}

/** A share of 1 as a percentage: `0.962` becomes `96.2 %`. Never rounds up to 100 or down to 0 what is neither. */
export function formatShare(value: number, locale: string): string {
  const shown = value > 0.999 && value < 1 ? 0.999 : value > 0 && value < 0.001 ? 0.001 : value;
  const digits = shown === 0 || shown === 1 ? 0 : 1;
  return numberFormat(locale, {
    style: "percent",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(shown);
}

/** A confidence with two places that never rounds up to certainty. */
export function formatConfidence(value: number): string {
  if (value >= 1) return "1.00";
  return (Math.floor(value * 100) / 100).toFixed(2);
}
