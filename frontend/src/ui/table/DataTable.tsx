import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useCallback, useEffect, useId, useMemo, useRef } from "react";
import { text } from "@/texts/text";
import { useRowHeight } from "../density";
import { GroupRow, HeadingRow } from "./GroupRow";
import { Head } from "./Head";
import { clamped, fitted, moved } from "./layout";
import { TableRow } from "./Row";
import { type Item, withHeadings } from "./items";
import { LoadingRow, Rows } from "./Ghosts";
import type { Column, Group, Layout, Sorting } from "./types";
import { useColumns } from "./useColumns";

interface Selection {
  /** Keys of the ticked rows. */
  checked: ReadonlySet<string>;
  onCheck: (key: string, range: boolean) => void;
  all: boolean;
  onAll: () => void;
}

interface DataTableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  nameOf: (row: Row) => string;
  active: string | undefined;
  onActivate: (key: string) => void;
  selection?: Selection;
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

const AHEAD = 40;

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
  const { more, loading, onMore, onActivate, mutedOf, headingOf } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = useRowHeight();
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
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    scrollPaddingStart: rowHeight,
  });
  useEffect(() => virtual.measure(), [virtual, rowHeight]);

  const at = useCallback(
    (index: number): Item<Row> | undefined => {
      if (items !== undefined) return items[index];
      const row = rows[index];
      return row === undefined ? { kind: "more" } : { kind: "row", row, at: index };
    },
    [items, rows],
  );

  const visible = virtual.getVirtualItems();
  const lastVisible = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    const near =
      items === undefined
        ? lastVisible + AHEAD >= rows.length
        : visible.some((one) => at(one.index)?.kind === "more");
    if (more && !loading && near) onMore();
  }, [items, lastVisible, rows.length, more, loading, onMore, visible, at]);

  // Moving by key keeps the active row in sight; scrolling by hand does not move it.
  const activeAt = useMemo(() => {
    if (active === undefined) return -1;
    if (items === undefined) return rows.findIndex((row) => keyOf(row) === active);
    return items.findIndex((item) => item.kind === "row" && keyOf(item.row) === active);
  }, [active, items, rows, keyOf]);
  useEffect(() => {
    if (activeAt >= 0) virtual.scrollToIndex(activeAt, { align: "auto" });
  }, [virtual, active, activeAt]);

  const total = placed.reduce((sum, one) => sum + one.width, selection === undefined ? 0 : 32);
  const widths: Record<string, string> = { "--table-width": `${total}px` };
  for (const one of placed) widths[`--w-${one.column.id}`] = `${one.width}px`;
  const current = () => fitted(columns, layout);

  return (
    <div className="table" style={widths}>
      <div
        ref={scroller}
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
        <div role="rowgroup" className="table__body" style={{ height: virtual.getTotalSize() }}>
          {visible.map((one) => {
            const item = at(one.index);
            if (item === undefined) return null;
            if (item.kind === "more") return <LoadingRow key="more" start={one.start} />;
            if (item.kind === "heading") {
              return (
                <HeadingRow
                  key={`heading-${item.words}`}
                  words={item.words}
                  start={one.start}
                  index={one.index}
                />
              );
            }
            if (item.kind === "group") {
              const open = item.group.id === openGroup;
              return (
                <GroupRow
                  key={`group-${item.group.id}`}
                  {...{ group: item.group, open, start: one.start, index: one.index }}
                  onToggle={() => props.onOpenGroup?.(open ? undefined : item.group.id)}
                />
              );
            }
            const key = keyOf(item.row);
            return (
              <TableRow
                key={key}
                id={`${id}-${one.index}`}
                index={one.index}
                start={one.start}
                row={item.row}
                rowKey={key}
                name={nameOf(item.row)}
                columns={shown}
                active={key === active}
                checked={selection?.checked.has(key) ?? false}
                checkable={selection !== undefined}
                muted={mutedOf?.(item.row) ?? false}
                onActivate={onActivate}
                onCheck={selection?.onCheck ?? ignore}
              />
            );
          })}
        </div>
      </div>
      {count === 0 && <div className="table__empty">{loading ? <Rows /> : props.empty}</div>}
    </div>
  );
}

function ignore(): void {
  // Tables without selection have no boxes to tick.
}
