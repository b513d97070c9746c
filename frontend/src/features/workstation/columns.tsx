import { text, textOf } from "@/texts/text";
import { StateBadge } from "@/ui/Badge";
import type { Column } from "@/ui/table/types";
import { Confidence, DateText, Money, Nothing, TimeText } from "@/ui/values";
import { type BreakLine, keyText } from "./types";

function Value({ value, side }: { value: string | null; side: "a" | "b" }) {
  if (value === null) return <Nothing />;
  return (
    <span className="raw" data-side={side} title={value}>
      {value}
    </span>
  );
}

/** All columns the list of breaks may have; people choose, order and size them. */
export const COLUMNS: readonly Column<BreakLine>[] = [
  {
    id: "state",
    head: text("breaks.state"),
    bareHead: true,
    width: 36,
    cell: (line) => <StateBadge state={line.state} bare />,
  },
  {
    id: "key",
    head: text("breaks.key"),
    width: 112,
    sort: "key",
    fixed: true,
    cell: (line) => keyText(line.key),
  },
  {
    id: "field",
    head: text("breaks.field"),
    width: 104,
    cell: (line) => line.field ?? line.check ?? textOf("kind", line.kind),
  },
  {
    id: "a",
    head: text("breaks.a"),
    width: 96,
    align: "end",
    cell: (line) => <Value value={line.value_a} side="a" />,
  },
  {
    id: "b",
    head: text("breaks.b"),
    width: 96,
    align: "end",
    cell: (line) => <Value value={line.value_b} side="b" />,
  },
  {
    id: "confidence",
    head: text("breaks.confidence"),
    width: 56,
    align: "end",
    sort: "confidence",
    cell: (line) => <Confidence value={line.confidence} />,
  },
  { id: "reason", head: text("breaks.reason"), width: 104, cell: (line) => textOf("reason", line.reason) },
  {
    id: "amount",
    head: text("breaks.amount"),
    width: 140,
    align: "end",
    sort: "amount",
    cell: (line) => <Money amount={line.amount} currency={line.currency} />,
  },
  {
    id: "age",
    head: text("breaks.age"),
    width: 64,
    align: "end",
    sort: "first_date",
    cell: (line) => text("breaks.days", { n: line.age_days }),
  },
  {
    id: "assignee",
    head: text("breaks.assignee"),
    width: 110,
    cell: (line) => line.assignee ?? line.assigned_group ?? <Nothing />,
  },
  {
    id: "due",
    head: text("breaks.due"),
    width: 130,
    sort: "due",
    hidden: true,
    cell: (line) => <TimeText moment={line.due_at} ago />,
  },
  {
    id: "kind",
    head: text("breaks.kind"),
    width: 110,
    hidden: true,
    cell: (line) => textOf("kind", line.kind),
  },
  {
    id: "method",
    head: text("breaks.method"),
    width: 90,
    hidden: true,
    cell: (line) => textOf("method", line.method),
  },
  {
    id: "first_date",
    head: text("breaks.firstDate"),
    width: 100,
    sort: "first_date",
    hidden: true,
    cell: (line) => <DateText date={line.first_date} />,
  },
];
