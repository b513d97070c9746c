import { useCallback, useMemo, useRef, useState } from "react";
import type { BreakLine } from "./types";

export interface RowSelection {
  checked: ReadonlySet<string>;
  /** Every break of the filter is meant, loaded or not. */
  everything: boolean;
  onCheck: (key: string, range: boolean) => void;
  /** Ticks all loaded rows, or none. */
  onAll: () => void;
  all: boolean;
  takeEverything: () => void;
  clear: () => void;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Which rows are ticked. Navigation does not change it; Shift takes all rows between. It ends with the `list` it was made in:
 * nobody decides about rows that are not in sight, or about all of a filter that was chosen later.
 */
export function useSelection(rows: readonly BreakLine[], list: string): RowSelection {
  const [checked, setChecked] = useState(NONE);
  const [everything, setEverything] = useState(false);
  const [of, setOf] = useState(list);
  const anchor = useRef<string>(undefined);
  if (of !== list) {
    setOf(list);
    setChecked(NONE);
    setEverything(false);
  }

  const onCheck = useCallback(
    (key: string, range: boolean) => {
      setEverything(false);
      setChecked((before) => {
        const next = new Set(before);
        const at = (one: string | undefined) => rows.findIndex((line) => line.break_id === one);
        const [from, to] = [at(anchor.current), at(key)];
        if (range && from >= 0 && to >= 0) {
          for (const line of rows.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(line.break_id);
        } else if (!next.delete(key)) {
          next.add(key);
        }
        anchor.current = key;
        return next;
      });
    },
    [rows],
  );
  const all =
    rows.length > 0 && checked.size >= rows.length && rows.every((line) => checked.has(line.break_id));
  const onAll = useCallback(() => {
    setEverything(false);
    setChecked(all ? NONE : new Set(rows.map((line) => line.break_id)));
  }, [all, rows]);
  const clear = useCallback(() => {
    setEverything(false);
    setChecked(NONE);
  }, []);
  const takeEverything = useCallback(() => {
    setChecked(new Set(rows.map((line) => line.break_id)));
    setEverything(true);
  }, [rows]);
  return useMemo(
    () => ({ checked, everything, onCheck, onAll, all, takeEverything, clear }),
    [checked, everything, onCheck, onAll, all, takeEverything, clear],
  );
}
