import { text } from "@/texts/text";
import { Nothing } from "@/ui/values";
import type { Draft } from "./draft";
import { accepts, carries } from "./dragging";
import type { Inferred } from "./queries";

const SHOWN = 5;

interface SamplesProps {
  draft: Draft;
  found: Inferred;
  onPair: (a: string, b: string) => void;
}

/** First rows of both sides; a head is dragged onto one of the other side to pair the columns. */
export function Samples({ draft, found, onPair }: SamplesProps) {
  return (
    <div className="draft__samples">
      {(["a", "b"] as const).map((side) => {
        const other = side === "a" ? "b" : "a";
        const taken = new Map(draft.pairs.map((pair) => [pair[side], pair.field]));
        const { columns, rows } = found[side];
        return (
          // Wide samples scroll by keyboard too.
          <div
            key={side}
            className="recons__scroll"
            // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            tabIndex={0}
            role="region"
            aria-label={text("draft.sample", { side })}
          >
            <table className="grid-table draft__rows">
              <caption>
                <span className="recons__side" data-side={side}>
                  {side}
                </span>{" "}
                {text("draft.sample", { side })}
              </caption>
              <thead>
                <tr>
                  {columns.map((column) => (
                    <th
                      key={column}
                      scope="col"
                      data-side={taken.has(column) ? side : undefined}
                      title={taken.get(column)}
                      {...carries(side, column)}
                      {...accepts(other, (name) =>
                        side === "a" ? onPair(column, name) : onPair(name, column),
                      )}
                    >
                      {column}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.slice(0, SHOWN).map((row, at) => (
                  <tr key={at}>
                    {row.map((cell, place) => (
                      <td key={place} className="raw">
                        {cell ?? <Nothing />}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        );
      })}
    </div>
  );
}
