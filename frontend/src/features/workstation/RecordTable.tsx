import { useState } from "react";
import { classes } from "@/lib/classes";
import { differing, type Piece } from "@/lib/differing";
import { text, textOf } from "@/texts/text";
import { Checkbox } from "@/ui/Field";
import { Nothing } from "@/ui/values";
import type { BreakDetail, Cell } from "./detail";

const SHAPES: Record<Cell["agreement"], string> = {
  agrees: "=",
  differs: "≠",
  tolerated: "≈",
  one_side: "∅",
  unreadable: "!",
};

/** Both records, field by field, with a cue whether they agree; on demand where each value comes from. */
export function RecordTable({ detail }: { detail: BreakDetail }) {
  const [origins, setOrigins] = useState(false);
  return (
    <div className="record">
      <Checkbox label={text("record.origins")} checked={origins} onChange={() => setOrigins(!origins)} />
      <table className="grid-table record__table">
        <thead>
          <tr>
            <th>{text("record.field")}</th>
            <th>{text("breaks.a")}</th>
            <th>
              <span className="visually-hidden">{text("record.agreement")}</span>
            </th>
            <th>{text("breaks.b")}</th>
          </tr>
        </thead>
        <tbody>
          {detail.record.map((cell) => (
            <Line key={cell.field} cell={cell} own={cell.field === detail.field} origins={origins} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Line({ cell, own, origins }: { cell: Cell; own: boolean; origins: boolean }) {
  const [a, b] =
    cell.agreement === "differs" && cell.value_a !== null && cell.value_b !== null
      ? differing(cell.value_a, cell.value_b)
      : [undefined, undefined];
  return (
    <tr className={classes(own && "record__own")} data-agreement={cell.agreement}>
      <td>
        <span className="record__field">{cell.field}</span>
        {origins && cell.type !== null && <span className="record__origin">{cell.type}</span>}
      </td>
      <td>
        <Value value={cell.value_a} pieces={a} />
        {origins && <Origin origin={cell.a} />}
      </td>
      <td className="record__cue" title={cue(cell)}>
        <span aria-hidden="true">{SHAPES[cell.agreement]}</span>
        <span className="visually-hidden">{cue(cell)}</span>
      </td>
      <td>
        <Value value={cell.value_b} pieces={b} />
        {origins && <Origin origin={cell.b} />}
      </td>
    </tr>
  );
}

function cue(cell: Cell): string {
  const word = textOf("agreement", cell.agreement);
  return cell.compared === "" ? word : `${word} (${cell.compared})`;
}

function Value({ value, pieces }: { value: string | null; pieces: readonly Piece[] | undefined }) {
  if (value === null) return <Nothing />;
  if (pieces === undefined) return <span className="raw record__value">{value}</span>;
  return (
    <span className="raw record__value">
      {pieces.map((piece, at) =>
        piece.changed ? (
          <mark key={at} className="changed">
            {piece.text}
          </mark>
        ) : (
          <span key={at}>{piece.text}</span>
        ),
      )}
    </span>
  );
}

function Origin({ origin }: { origin: Cell["a"] }) {
  const from = origin.column ?? origin.expression;
  if (from === null) return null;
  const steps = origin.steps.map((step) => (typeof step === "string" ? step : JSON.stringify(step)));
  return <span className="record__origin">{[from, ...steps].join(" → ")}</span>;
}
