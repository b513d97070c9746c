import { difference, formatDecimal } from "@/lib/decimals";
import { text, textOf } from "@/texts/text";
import { useLocale } from "@/ui/locale";
import type { BreakDetail, Span } from "./detail";

/** The two values, one above the other so that their characters align, with what differs marked inside them. */
export function Values({ detail }: { detail: BreakDetail }) {
  const locale = useLocale();
  const cell = detail.record.find((one) => one.field === detail.field);
  const apart =
    detail.kind === "value" && detail.value_a !== null && detail.value_b !== null
      ? difference(detail.value_a, detail.value_b)
      : undefined;
  return (
    <section className="values" aria-label={text("break.values")}>
      <Side
        side="a"
        value={detail.value_a}
        spans={detail.spans_a}
        column={cell?.a.column ?? cell?.a.expression ?? null}
        rows={detail.rows_a}
        field={detail.field !== null}
      />
      <Side
        side="b"
        value={detail.value_b}
        spans={detail.spans_b}
        column={cell?.b.column ?? cell?.b.expression ?? null}
        rows={detail.rows_b}
        field={detail.field !== null}
      />
      {apart !== undefined && (
        <p className="values__line">
          <span className="values__side">b − a</span>
          <span className="values__value number">{formatDecimal(apart, locale)}</span>
        </p>
      )}
      {detail.kind !== "value" && <p className="soft">{textOf("kind", detail.kind)}</p>}
      {cell !== undefined && cell.compared !== "" && (
        <p className="soft small">{text("break.compared", { how: cell.compared })}</p>
      )}
    </section>
  );
}

interface SideProps {
  side: "a" | "b";
  value: string | null;
  spans: readonly Span[];
  column: string | null;
  rows: number;
  /** Whether the break is about a field; else about the whole record. */
  field: boolean;
}

function Side({ side, value, spans, column, rows, field }: SideProps) {
  return (
    <p className="values__line">
      <span className="values__side" data-side={side}>
        {side}
      </span>
      <span className="values__value raw">
        {value === null ? (
          <span className="values__words">
            {text(rows === 0 ? "break.noRow" : field ? "break.noValue" : "break.oneRow")}
          </span>
        ) : (
          <Marked value={value} spans={spans} />
        )}
      </span>
      {column !== null && <span className="values__column">{column}</span>}
      {rows > 1 && <span className="values__column">{text("break.rows", { n: rows })}</span>}
    </p>
  );
}

/** A value whose differing characters are marked by colour and by a line below them. Spans count code points. */
function Marked({ value, spans }: { value: string; spans: readonly Span[] }) {
  const points = Array.from(value);
  const pieces: { from: number; words: string; changed: boolean }[] = [];
  let at = 0;
  for (const { start, end } of spans) {
    if (start > at) pieces.push({ from: at, words: points.slice(at, start).join(""), changed: false });
    pieces.push({ from: start, words: points.slice(start, end).join(""), changed: true });
    at = end;
  }
  if (at < points.length) pieces.push({ from: at, words: points.slice(at).join(""), changed: false });
  return pieces.map((piece) =>
    piece.changed ? (
      <mark key={piece.from} className="changed">
        {piece.words}
      </mark>
    ) : (
      <span key={piece.from}>{piece.words}</span>
    ),
  );
}
