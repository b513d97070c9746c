import { useHotkeys } from "@/hotkeys/HotkeyProvider";
import type { BreakLine } from "./types";
import type { RowSelection } from "./useSelection";

interface ListKeys {
  rows: readonly BreakLine[];
  active: string | undefined;
  activate: (key: string | undefined) => void;
  selection: RowSelection;
}

/** Moving and ticking by keys; moving never decides. */
export function useListKeys({ rows, active, activate, selection }: ListKeys): void {
  const to = (index: number) => {
    const line = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (line !== undefined) activate(line.break_id);
  };
  const at = () => rows.findIndex((line) => line.break_id === active);
  useHotkeys({
    "list.next": () => to(at() + 1),
    "list.previous": () => to(at() - 1),
    "list.first": () => to(0),
    "list.last": () => to(rows.length - 1),
    "list.select": () => {
      if (active === undefined) return;
      selection.onCheck(active, false);
      to(at() + 1);
    },
    "list.selectAll": selection.takeEverything,
    "list.clear": selection.clear,
  });
}
