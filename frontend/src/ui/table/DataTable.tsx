import { type ReactNode, useId, useMemo, useState } from "react";
import { text } from "@/texts/text";
import { Body } from "./Body";
import { Rows } from "./Ghosts";
import { Head } from "./Head";
import { type Item, withHeadings } from "./items";
import { clamped, fitted, moved } from "./layout";
import type { Column, Group, Layout, Sorting, Ticks } from "./types";
import { useColumns } from "./useColumns";

interface DataTableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  nameOf: (row: Row) => string;
  active: string | undefined;
  onActivate: (key: string) => void;
  selection?: Ticks;
  sorting?: Sorting | undefined;
  onSort?: ((sorting: Sorting) => void) | undefined;
  layout: Partial<Layout> | undefined;
  onLayout: (layout: Layout) => void;
  /** Headings between rows, where what this says of a row changes; the rows must be in that order. */
  headingOf?: ((row: Row) => string) | undefined;
  groups?: readonly Group[] | undefined;
  openGroup?: string | undefined;
  onOpenGroup?: (id: string | undefined) => void;
  /** Rows there are in all, where the server has counted. */
  total?: number | undefined;
  more: boolean;
  loading: boolean;
  onMore: () => void;
  mutedOf?: (row: Row) => boolean;
  /** What stands here when there are no rows. */
  empty: ReactNode;
}

/** A list of any length: only what is in sight is drawn, the next page is fetched before its end is reached. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const {
    columns,
    rows,
    keyOf,
    nameOf,
    active,
    selection,
    sorting,
    onSort,
    layout,
    onLayout,
    groups,
    openGroup,
  } = props;
  const { more, loading, onMore, onActivate, mutedOf, headingOf, onOpenGroup } = props;
  const id = useId();
  // Held as state: the rows are drawn by a component of their own, which needs it to begin.
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const { shown, placed } = useColumns(columns, layout, onLayout);

  const items = useMemo<readonly Item<Row>[] | undefined>(() => {
    if (headingOf !== undefined) return withHeadings(rows, headingOf, more);
    if (groups === undefined) return undefined;
    return groups.flatMap((group): Item<Row>[] => [
      { kind: "group", group },
      ...(group.id === openGroup ? rows.map((row, at): Item<Row> => ({ kind: "row", row, at })) : []),
      ...(group.id === openGroup && more ? [{ kind: "more" } as const] : []),
    ]);
  }, [headingOf, groups, openGroup, rows, more]);

  const count = items?.length ?? rows.length + (more ? 1 : 0);
  const activeAt = useMemo(() => {
    if (active === undefined) return -1;
    if (items === undefined) return rows.findIndex((row) => keyOf(row) === active);
    return items.findIndex((item) => item.kind === "row" && keyOf(item.row) === active);
  }, [active, items, rows, keyOf]);

  const total = placed.reduce((sum, one) => sum + one.width, selection === undefined ? 0 : 32);
  const widths: Record<string, string> = { "--table-width": `${total}px` };
  for (const one of placed) widths[`--w-${one.column.id}`] = `${one.width}px`;
  const current = () => fitted(columns, layout);

  return (
    <div className="table" style={widths}>
      <div
        ref={setScroller}
        className="table__scroll"
        role="grid"
        tabIndex={0}
        aria-label={props.label}
        aria-rowcount={props.total ?? -1}
        aria-colcount={placed.length + 1}
        aria-multiselectable={selection !== undefined}
        aria-busy={loading}
        aria-activedescendant={activeAt >= 0 ? `${id}-${activeAt}` : undefined}
      >
        <div role="rowgroup" className="table__heads">
          <div role="row" className="table__headrow" aria-rowindex={1}>
            {selection !== undefined && (
              <div role="columnheader" aria-colindex={1} className="table__cell table__cell--check">
                <input
                  type="checkbox"
                  aria-label={text("kit.selectAll")}
                  checked={selection.all}
                  onChange={selection.onAll}
                />
              </div>
            )}
            <Head
              placed={placed}
              sorting={sorting}
              onSort={onSort}
              onMove={(one, beside) => onLayout({ ...current(), order: moved(current().order, one, beside) })}
              onWidth={(one, width) =>
                onLayout({ ...current(), widths: { ...current().widths, [one]: clamped(width) } })
              }
            />
          </div>
        </div>
        {scroller !== null && (
          <Body
            {...{ scroller, id, items, rows, keyOf, nameOf, active, activeAt, selection, openGroup }}
            {...{ more, loading, onMore, onActivate, mutedOf, onOpenGroup, count }}
            columns={shown}
          />
        )}
      </div>
      {count === 0 && <div className="table__empty">{loading ? <Rows /> : props.empty}</div>}
    </div>
  );
}
