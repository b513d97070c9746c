import {
  columnOrderingFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useMemo } from "react";
import { clamped, fitted, NARROWEST, WIDEST } from "./layout";
import type { Column, Layout } from "./types";

const features = tableFeatures({
  columnOrderingFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
});

// Rows are drawn by the virtual list straight from the pages; the table library keeps the columns.
const NO_ROWS: Record<string, never>[] = [];

/** A column where it stands now, as wide as it is now. */
export interface Placed<Row> {
  column: Column<Row>;
  width: number;
  resizing: boolean;
  /** Begins a resize by pointer. */
  grab: (event: unknown) => void;
}

interface Columns<Row> {
  /** The visible columns in their order; the same array until the order or the choice changes. */
  shown: readonly Column<Row>[];
  placed: readonly Placed<Row>[];
}

/** The visible columns in their order and widths, kept by the table library; changes are told to `onLayout`. */
export function useColumns<Row>(
  columns: readonly Column<Row>[],
  remembered: Partial<Layout> | undefined,
  onLayout: (layout: Layout) => void,
): Columns<Row> {
  const layout = useMemo(() => fitted(columns, remembered), [columns, remembered]);
  const definitions = useMemo(
    () =>
      columns.map((column) => ({
        id: column.id,
        size: column.width,
        minSize: NARROWEST,
        maxSize: WIDEST,
        enableHiding: column.fixed !== true,
      })),
    [columns],
  );
  const visibility = useMemo(
    () => Object.fromEntries(layout.hidden.map((id) => [id, false])),
    [layout.hidden],
  );
  const table = useTable({
    features,
    columns: definitions,
    data: NO_ROWS,
    columnResizeMode: "onChange",
    state: { columnOrder: layout.order, columnVisibility: visibility, columnSizing: layout.widths },
    onColumnSizingChange: (change) => {
      const widths = typeof change === "function" ? change(layout.widths) : change;
      onLayout({
        ...layout,
        widths: Object.fromEntries(Object.entries(widths).map(([id, width]) => [id, clamped(width)])),
      });
    },
  });
  const shown = useMemo(() => {
    const byId = new Map(columns.map((column) => [column.id, column]));
    const hidden = new Set(layout.hidden);
    return layout.order.flatMap((id) => (hidden.has(id) ? [] : (byId.get(id) ?? [])));
  }, [columns, layout.order, layout.hidden]);
  const headers = new Map(table.getFlatHeaders().map((header) => [header.column.id, header]));
  const placed = shown.flatMap((column) => {
    const header = headers.get(column.id);
    if (header === undefined) return [];
    return [
      {
        column,
        width: clamped(header.getSize()),
        resizing: header.column.getIsResizing(),
        grab: header.getResizeHandler(),
      },
    ];
  });
  return { shown, placed };
}
