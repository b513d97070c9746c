import { type CSSProperties, memo } from "react";
import { classes } from "@/lib/classes";
import { text } from "@/texts/text";
import { placed } from "./placed";
import type { Column } from "./types";

interface RowProps<Row> {
  id: string;
  index: number;
  start: number;
  row: Row;
  rowKey: string;
  /** What the row is called when it is read aloud. */
  name: string;
  columns: readonly Column<Row>[];
  active: boolean;
  checked: boolean;
  checkable: boolean;
  /** Says by its look that a decision about the row is on its way. */
  muted: boolean;
  onActivate: (key: string) => void;
  onCheck: (key: string, range: boolean) => void;
}

function RowView<Row>(props: RowProps<Row>) {
  const {
    id,
    index,
    start,
    row,
    rowKey,
    name,
    columns,
    active,
    checked,
    checkable,
    muted,
    onActivate,
    onCheck,
  } = props;
  return (
    // Keys reach rows through the grid, which has the focus and names the active row.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={id}
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-selected={active || checked}
      className={classes(
        "table__row",
        active && "table__row--active",
        checked && "table__row--checked",
        muted && "table__row--muted",
      )}
      style={placed(start)}
      onClick={(event) => (event.shiftKey && checkable ? onCheck(rowKey, true) : onActivate(rowKey))}
    >
      {checkable && (
        <div role="gridcell" aria-colindex={1} className="table__cell table__cell--check">
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={text("kit.selectRow", { row: name })}
            checked={checked}
            onClick={(event) => {
              event.stopPropagation();
              onCheck(rowKey, event.shiftKey);
            }}
            readOnly
          />
        </div>
      )}
      {columns.map((column, at) => (
        <div
          key={column.id}
          role="gridcell"
          aria-colindex={at + 2}
          className={column.align === "end" ? "table__cell table__cell--end" : "table__cell"}
          style={widthOf(column.id)}
        >
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}

const widths = new Map<string, CSSProperties>();

/** The same style for all cells of a column: rows come and go by dozens in a frame. */
function widthOf(id: string): CSSProperties {
  let style = widths.get(id);
  if (style === undefined) {
    style = { width: `var(--w-${id})` };
    widths.set(id, style);
  }
  return style;
}

/** A row, drawn anew only when something of its own has changed. */
export const TableRow = memo(RowView) as typeof RowView;
