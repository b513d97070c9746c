import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { classes } from "@/lib/classes";
import { differing, type Piece } from "@/lib/differing";
import { text, textOf } from "@/texts/text";
import { Checkbox } from "@/ui/Field";
import { ProblemView, Skeleton } from "@/ui/states";
import { Nothing } from "@/ui/values";
import { deliveredQuery, rawOf, unread, type RawCell, type RawOf } from "./delivered";
import type { BreakDetail, Cell } from "./detail";

const SHAPES: Record<Cell["agreement"], string> = {
  agrees: "=",
  differs: "≠",
  tolerated: "≈",
  one_side: "∅",
  unreadable: "!",
};

/** Both records, field by field, with a cue whether they agree; on demand the raw text beside each value. */
export function RecordTable({ detail }: { detail: BreakDetail }) {
  const [origins, setOrigins] = useState(false);
  const [raw, setRaw] = useState(false);
  const delivered = useQuery({ ...deliveredQuery(detail.recon, detail.break_id), enabled: raw });
  const shown = raw ? delivered.data : undefined;
  return (
    <div className="record">
      <div className="record__asked">
        <Checkbox label={text("record.raw")} checked={raw} onChange={() => setRaw(!raw)} />
        <Checkbox label={text("record.origins")} checked={origins} onChange={() => setOrigins(!origins)} />
      </div>
      {raw && delivered.isPending && <Skeleton lines={1} />}
      {raw && delivered.error !== null && (
        <ProblemView problem={delivered.error} retry={() => void delivered.refetch()} />
      )}
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
            <Line
              key={cell.field}
              cell={cell}
              own={cell.field === detail.field}
              origins={origins}
              raw={shown && rawOf(shown, cell.field)}
            />
          ))}
        </tbody>
      </table>
      {shown && (
        <>
          <Unread cells={unread(shown.a)} side={text("breaks.a")} />
          <Unread cells={unread(shown.b)} side={text("breaks.b")} />
        </>
      )}
    </div>
  );
}

interface LineProps {
  cell: Cell;
  own: boolean;
  origins: boolean;
  raw: RawOf | undefined;
}

function Line({ cell, own, origins, raw }: LineProps) {
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
        <Raw texts={raw?.a} />
        {origins && <Origin origin={cell.a} />}
      </td>
      <td className="record__cue" title={cue(cell)}>
        <span aria-hidden="true">{SHAPES[cell.agreement]}</span>
        <span className="visually-hidden">{cue(cell)}</span>
      </td>
      <td>
        <Value value={cell.value_b} pieces={b} />
        <Raw texts={raw?.b} />
        {origins && <Origin origin={cell.b} />}
      </td>
    </tr>
  );
}

/** What the rows of a side say in a column, spaces in sight; nothing for a field that no column holds. */
function Raw({ texts }: { texts: readonly (string | null)[] | undefined }) {
  return texts?.map((one, at) => (
    <span key={at} className="record__raw">
      <span className="visually-hidden">{text("record.rawWord")} </span>
      {one === null ? (
        <span className="soft">{text("record.rawNothing")}</span>
      ) : (
        <code className="raw">{one}</code>
      )}
    </span>
  ));
}

/** The columns of a delivered row that no field is read from. */
function Unread({ cells, side }: { cells: readonly RawCell[]; side: string }) {
  if (cells.length === 0) return null;
  return (
    <dl className="record__unread">
      <dt className="soft">{text("record.unread", { side })}</dt>
      {cells.map((one) => (
        <dd key={one.column}>
          {one.column} <Raw texts={[one.text]} />
        </dd>
      ))}
    </dl>
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
