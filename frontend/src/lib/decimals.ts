/** Decimals stay text from the server to the screen: they are never held in a binary float. */

import { numberFormat } from "./formatters";

interface Scaled {
  units: bigint;
  scale: number;
}

const SHAPE = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

function scaled(text: string): Scaled | undefined {
  const match = SHAPE.exec(text.trim());
  if (match === null) return undefined;
  const [, sign = "", whole = "0", fraction = "", exponent = "0"] = match;
  const shift = Number(exponent);
  const digits = BigInt(whole + fraction) * (sign === "-" ? -1n : 1n);
  const scale = fraction.length - shift;
  return scale >= 0 ? { units: digits, scale } : { units: digits * 10n ** BigInt(-scale), scale: 0 };
}

function written({ units, scale }: Scaled): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale);
  return `${negative ? "-" : ""}${whole}${scale > 0 ? `.${fraction}` : ""}`;
}

function aligned(a: Scaled, b: Scaled): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  return [a.units * 10n ** BigInt(scale - a.scale), b.units * 10n ** BigInt(scale - b.scale), scale];
}

/** The exact difference `b - a`, with the finer scale of the two; undefined unless both are decimals. */
export function difference(a: string, b: string): string | undefined {
  const [left, right] = [scaled(a), scaled(b)];
  if (left === undefined || right === undefined) return undefined;
  const [first, second, scale] = aligned(left, right);
  return written({ units: second - first, scale });
}

/** The exact sum; texts that are no decimals are left out. */
export function sum(texts: readonly string[]): string {
  let total: Scaled = { units: 0n, scale: 0 };
  for (const text of texts) {
    const next = scaled(text);
    if (next === undefined) continue;
    const [first, second, scale] = aligned(total, next);
    total = { units: first + second, scale };
  }
  return written(total);
}

/** A decimal in the conventions of the locale, every digit kept: `1234.50` stays two places, `0.1230` four. */
export function formatDecimal(text: string, locale: string): string {
  const value = scaled(text);
  if (value === undefined) return text;
  const places = Math.min(value.scale, 100);
  return numberFormat(locale, {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  }).format(written(value) as Intl.StringNumericLiteral);
}

const UNITS = ["", "k", "M", "bn", "tn"] as const;

/** A short form for headlines and bars: `12345678.90` becomes `12.3 M`; below 10,000 all whole digits are shown. */
export function formatShort(text: string, locale: string): string {
  const value = scaled(text);
  if (value === undefined) return text;
  const whole = value.units / 10n ** BigInt(value.scale);
  const digits = (whole < 0n ? -whole : whole).toString().length;
  const step = digits <= 4 ? 0 : Math.min(Math.floor((digits - 1) / 3), UNITS.length - 1);
  const short = Number(whole) / 10 ** (3 * step);
  const number = numberFormat(
    locale,
    step === 0 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 },
  );
  return step === 0 ? number.format(short) : `${number.format(short)} ${UNITS[step] ?? ""}`;
}
