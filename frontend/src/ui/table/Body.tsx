import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect } from "react";
import { useRowHeight } from "../density";
import { LoadingRow } from "./Ghosts";
import { GroupRow, HeadingRow } from "./GroupRow";
import type { Item } from "./items";
import { TableRow } from "./Row";
import type { Column, Ticks } from "./types";

interface BodyProps<Row> {
  scroller: HTMLDivElement;
  id: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  /** Lines to draw where they are not simply the rows. */
  items: readonly Item<Row>[] | undefined;
  count: number;
  keyOf: (row: Row) => string;
  nameOf: (row: Row) => string;
  active: string | undefined;
  activeAt: number;
  onActivate: (key: string) => void;
  selection: Ticks | undefined;
  openGroup: string | undefined;
  onOpenGroup: ((id: string | undefined) => void) | undefined;
  more: boolean;
  loading: boolean;
  onMore: () => void;
  mutedOf: ((row: Row) => boolean) | undefined;
}

/** Lines before the end at which the next page is fetched. */
const AHEAD = 40;
/** Lines drawn beyond those in sight: each is drawn in the same frame as all others when one scrolls fast. */
const OVER = 2;

/** The lines in sight. Scrolling draws this anew and nothing else of the table. */
export function Body<Row>(props: BodyProps<Row>) {
  const { scroller, id, columns, rows, items, count, keyOf, nameOf, active, activeAt, selection } = props;
  const { openGroup, onOpenGroup, more, loading, onMore, onActivate, mutedOf } = props;
  const rowHeight = useRowHeight();
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight,
    overscan: OVER,
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
  useEffect(() => {
    if (activeAt >= 0) virtual.scrollToIndex(activeAt, { align: "auto" });
  }, [virtual, active, activeAt]);

  return (
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
              onToggle={() => onOpenGroup?.(open ? undefined : item.group.id)}
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
            columns={columns}
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
  );
}

function ignore(): void {
  // Tables without selection have no boxes to tick.
}
