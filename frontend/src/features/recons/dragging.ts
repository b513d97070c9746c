import type { DragEvent } from "react";

type Side = "a" | "b";

const kind = (side: Side) => `application/x-greenai-${side}`;

/** What makes an element carry a column of a side when it is dragged. */
export function carries(side: Side, column: string) {
  return {
    draggable: true,
    onDragStart: (event: DragEvent) => {
      event.dataTransfer.setData(kind(side), column);
      event.dataTransfer.effectAllowed = "link" as const;
    },
  };
}

/** What makes an element take a column of a side that is dropped on it. */
export function accepts(side: Side, onColumn: (column: string) => void) {
  return {
    onDragOver: (event: DragEvent) => {
      if (event.dataTransfer.types.includes(kind(side))) event.preventDefault();
    },
    onDrop: (event: DragEvent) => {
      const column = event.dataTransfer.getData(kind(side));
      if (column === "") return;
      event.preventDefault();
      onColumn(column);
    },
  };
}
