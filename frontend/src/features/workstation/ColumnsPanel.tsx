import { text } from "@/texts/text";
import { IconButton } from "@/ui/Button";
import { Checkbox } from "@/ui/Field";
import { Popover } from "@/ui/Popover";
import { fitted, moved, shipped } from "@/ui/table/layout";
import type { Layout } from "@/ui/table/types";
import { Button } from "@/ui/Button";
import { COLUMNS } from "./columns";

interface ColumnsPanelProps {
  layout: Layout | undefined;
  onLayout: (layout: Layout) => void;
  open: boolean;
  setOpen: (open: boolean) => void;
}

/** Which columns are shown, and in which order; what dragging does by pointer, its buttons do by keyboard. */
export function ColumnsPanel({ layout, onLayout, open, setOpen }: ColumnsPanelProps) {
  const present = fitted(COLUMNS, layout);
  const step = (id: string, by: number) => {
    const beside = present.order[present.order.indexOf(id) + by];
    if (beside !== undefined) onLayout({ ...present, order: moved(present.order, id, beside) });
  };
  const toggle = (id: string) => {
    const hidden = present.hidden.includes(id)
      ? present.hidden.filter((one) => one !== id)
      : [...present.hidden, id];
    onLayout({ ...present, hidden });
  };
  return (
    <Popover
      title={text("breaks.columns")}
      align="end"
      open={open}
      onOpenChange={setOpen}
      trigger={<IconButton icon="columns" label={text("breaks.columns")} />}
    >
      <ul>
        {present.order.map((id, at) => {
          const column = COLUMNS.find((one) => one.id === id);
          if (column === undefined) return null;
          return (
            <li key={id} className="tools__column">
              <Checkbox
                label={column.head}
                checked={!present.hidden.includes(id)}
                disabled={column.fixed === true}
                onChange={() => toggle(id)}
              />
              <IconButton
                icon="up"
                label={text("breaks.earlier", { column: column.head })}
                disabled={at === 0}
                onClick={() => step(id, -1)}
              />
              <IconButton
                icon="down"
                label={text("breaks.later", { column: column.head })}
                disabled={at === present.order.length - 1}
                onClick={() => step(id, 1)}
              />
            </li>
          );
        })}
      </ul>
      <Button look="quiet" onClick={() => onLayout(shipped(COLUMNS))}>
        {text("breaks.shipped")}
      </Button>
    </Popover>
  );
}
