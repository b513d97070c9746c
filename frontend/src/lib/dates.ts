/** Dates and times as a person of the locale writes them; the value itself never moves to another zone. */

import { dateFormat } from "./formatters";

const utc = (date: string): Date => new Date(`${date}T00:00:00Z`);

/** A business date, `2026-11-19`, as `19 Nov 2026`. */
export function formatDate(date: string, locale: string): string {
  const value = utc(date.slice(0, 10));
  if (Number.isNaN(value.getTime())) return date;
  return dateFormat(locale, {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  }).format(value);
}

/** A moment in the reader's own zone: `19 Nov 2026, 14:03`. */
export function formatTime(moment: string, locale: string): string {
  const value = new Date(moment);
  if (Number.isNaN(value.getTime())) return moment;
  return dateFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(value);
}

/** How long ago: `just now`, `5 min ago`, `3 hours ago`, `2 days ago`. */
export function formatAgo(moment: string, now: number, locale: string): string {
  const seconds = Math.round((new Date(moment).getTime() - now) / 1000);
  if (Number.isNaN(seconds)) return moment;
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  const size = Math.abs(seconds);
  if (size < 60) return relative.format(0, "minute");
  if (size < 3600) return relative.format(Math.trunc(seconds / 60), "minute");
  if (size < 86_400) return relative.format(Math.trunc(seconds / 3600), "hour");
  return relative.format(Math.trunc(seconds / 86_400), "day");
}

/** A duration in seconds as `850 ms`, `12 s`, `3 min 05 s`, `1 h 20 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60)
    return `${minutes} min ${Math.round(seconds % 60)
      .toString()
      .padStart(2, "0")} s`;
  return `${Math.floor(minutes / 60)} h ${(minutes % 60).toString().padStart(2, "0")} min`;
}

/** Today's date where the reader is, as `2026-11-19`. */
export function today(now: Date = new Date()): string {
  const two = (value: number) => value.toString().padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
