import { text } from "@/texts/text";
import { placed } from "./placed";

/** The place of the next page while it is fetched. */
export function LoadingRow({ start }: { start: number }) {
  return (
    <div role="row" className="table__row table__row--loading" style={placed(start)}>
      <div role="gridcell" className="table__cell">
        <span className="skeleton__line" style={{ width: 160 }} />
        <span className="visually-hidden">{text("kit.loading")}</span>
      </div>
    </div>
  );
}

/** Grey lines in the place of rows. */
export function Rows() {
  return (
    <div className="table__ghosts" role="status">
      <span className="visually-hidden">{text("kit.loading")}</span>
      {Array.from({ length: 18 }, (_, line) => (
        <span
          key={line}
          className="skeleton__line"
          style={{ width: `${[62, 74, 58, 69][line % 4] ?? 60}%` }}
        />
      ))}
    </div>
  );
}
