import { fitted } from "@/ui/table/layout";
import type { Column, Layout } from "@/ui/table/types";

/** What saved views and exports call the columns that have another name on the screen. */
const NAMES: Record<string, string> = { a: "value_a", b: "value_b", age: "age_days", due: "due_at" };
const IDS = new Map(Object.entries(NAMES).map(([id, name]) => [name, id]));

/** The visible columns in their order, as a saved view names them. */
export function columnsOf<Row>(
  columns: readonly Column<Row>[],
  layout: Partial<Layout> | undefined,
): string[] {
  const { order, hidden } = fitted(columns, layout);
  const away = new Set(hidden);
  return order.filter((id) => !away.has(id)).map((id) => NAMES[id] ?? id);
}

/** The layout that shows the columns of a view, in its order; widths stay, and columns only exports have are left out. */
export function layoutOf<Row>(
  columns: readonly Column<Row>[],
  named: readonly string[],
  layout: Partial<Layout> | undefined,
): Layout | undefined {
  const known = new Set(columns.map(({ id }) => id));
  const shown = [...new Set(named.map((name) => IDS.get(name) ?? name))].filter((id) => known.has(id));
  if (shown.length === 0) return undefined;
  const { order, widths } = fitted(columns, layout);
  const rest = order.filter((id) => !shown.includes(id));
  return fitted(columns, { order: [...shown, ...rest], hidden: rest, widths });
}
