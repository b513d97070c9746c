import { type DragEvent, type KeyboardEvent, useState } from "react";
import { classes } from "@/lib/classes";
import { text } from "@/texts/text";
import { Icon } from "../Icon";
import { clamped, NARROWEST, WIDEST } from "./layout";
import type { Sorting } from "./types";
import type { Placed } from "./useColumns";

interface HeadProps<Row> {
  placed: readonly Placed<Row>[];
  sorting: Sorting | undefined;
  onSort: ((sorting: Sorting) => void) | undefined;
  onMove: (id: string, beside: string) => void;
  onWidth: (id: string, width: number) => void;
}

const STEP = 16;
const DRAGGED = "application/x-greenai-column";

/** The heads of the columns: click to order, drag to move, pull or use arrow keys at the edge to size. */
export function Head<Row>({ placed, sorting, onSort, onMove, onWidth }: HeadProps<Row>) {
  const [over, setOver] = useState<string>();
  return placed.map(({ column, width, grab, resizing }, index) => {
    const sorted = column.sort !== undefined && sorting?.by === column.sort ? sorting : undefined;
    const drop = {
      onDragOver: (event: DragEvent) => {
        if (!event.dataTransfer.types.includes(DRAGGED)) return;
        event.preventDefault();
        setOver(column.id);
      },
      onDragLeave: () => setOver(undefined),
      onDrop: (event: DragEvent) => {
        event.preventDefault();
        setOver(undefined);
        onMove(event.dataTransfer.getData(DRAGGED), column.id);
      },
    };
    return (
      // Dragging moves a column by pointer; by keyboard it is moved in the panel of columns.
      // eslint-disable-next-line jsx-a11y/interactive-supports-focus
      <div
        key={column.id}
        role="columnheader"
        aria-colindex={index + 2}
        aria-sort={sorted === undefined ? undefined : sorted.descending ? "descending" : "ascending"}
        className={classes(
          "table__head",
          column.align === "end" && "table__cell--end",
          over === column.id && "table__head--over",
        )}
        style={{ width: `var(--w-${column.id})` }}
        draggable={!resizing}
        onDragStart={(event) => event.dataTransfer.setData(DRAGGED, column.id)}
        {...drop}
      >
        {column.sort === undefined || onSort === undefined ? (
          <span className={column.bareHead === true ? "visually-hidden" : "table__word"}>{column.head}</span>
        ) : (
          <button
            type="button"
            className="table__sort"
            onClick={() =>
              onSort({ by: column.sort ?? "", descending: sorted !== undefined && !sorted.descending })
            }
          >
            <span className="table__word">{column.head}</span>
            {sorted !== undefined && <Icon name={sorted.descending ? "down" : "up"} size={12} />}
          </button>
        )}
        <Edge
          label={text("kit.width", { column: column.head })}
          {...{ width, grab }}
          onWidth={(next) => onWidth(column.id, next)}
        />
      </div>
    );
  });
}

interface EdgeProps {
  label: string;
  width: number;
  grab: (event: unknown) => void;
  onWidth: (width: number) => void;
}

function Edge({ label, width, grab, onWidth }: EdgeProps) {
  const press = (event: KeyboardEvent) => {
    const step = event.key === "ArrowLeft" ? -STEP : event.key === "ArrowRight" ? STEP : 0;
    if (step === 0) return;
    event.preventDefault();
    onWidth(clamped(width + step));
  };
  return (
    // A separator that can be moved is a widget with a value (ARIA: focusable separator); the lint rule knows only the other kind.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className="table__edge"
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={NARROWEST}
      aria-valuemax={WIDEST}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onMouseDown={grab}
      onTouchStart={grab}
      onKeyDown={press}
    />
  );
}
