import type { Column, Layout } from "./types";

export const NARROWEST = 36;
export const WIDEST = 640;

/** The layout of a table nobody has arranged. */
export function shipped<Row>(columns: readonly Column<Row>[]): Layout {
  return {
    order: columns.map((column) => column.id),
    hidden: columns.filter((column) => column.hidden === true).map((column) => column.id),
    widths: {},
  };
}

/** A remembered layout made to fit the columns there are now: new ones come last, gone ones are dropped. */
export function fitted<Row>(
  columns: readonly Column<Row>[],
  remembered: Partial<Layout> | undefined,
): Layout {
  const base = shipped(columns);
  if (remembered === undefined) return base;
  const known = new Set(base.order);
  const kept = (remembered.order ?? []).filter((id) => known.has(id));
  const fixed = new Set(columns.filter((column) => column.fixed === true).map((column) => column.id));
  const seen = new Set(kept);
  const hidden = (remembered.hidden ?? base.hidden).filter((id) => known.has(id) && !fixed.has(id));
  return {
    order: [...kept, ...base.order.filter((id) => !seen.has(id))],
    hidden: [...new Set([...hidden, ...base.hidden.filter((id) => !seen.has(id))])],
    widths: remembered.widths ?? {},
  };
}

/** The order after `id` was put before or after the column `beside`. */
export function moved(order: readonly string[], id: string, beside: string): string[] {
  const from = order.indexOf(id);
  const to = order.indexOf(beside);
  if (from < 0 || to < 0 || from === to) return [...order];
  const rest = order.filter((one) => one !== id);
  rest.splice(to, 0, id);
  return rest;
}

export function clamped(width: number): number {
  return Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)));
}
