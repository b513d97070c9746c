import type { ReactNode } from "react";

/** A column of a table: what stands in it and how it may be arranged. */
export interface Column<Row> {
  id: string;
  head: string;
  cell: (row: Row) => ReactNode;
  /** Pixels at first. */
  width: number;
  align?: "end";
  /** The server's name of this order, where the list can be ordered by the column. */
  sort?: string;
  /** The head is read aloud but not drawn, over a column of shapes. */
  bareHead?: boolean;
  /** Never hidden: the column by which rows are known. */
  fixed?: boolean;
  /** Hidden until someone chooses it. */
  hidden?: boolean;
}

/** How a person has arranged a table; remembered under the table's name. */
export interface Layout {
  order: string[];
  hidden: string[];
  widths: Record<string, number>;
}

export interface Sorting {
  by: string;
  descending: boolean;
}

/** A heading under which rows are gathered; its rows are loaded when it is open. */
export interface Group {
  id: string;
  label: ReactNode;
  /** What tells it from others of that name. */
  note?: string | undefined;
  count: number;
}

/** Which rows are ticked, and how to tick them. */
export interface Ticks {
  /** Keys of the ticked rows. */
  checked: ReadonlySet<string>;
  onCheck: (key: string, range: boolean) => void;
  all: boolean;
  onAll: () => void;
}
