import { useQuery } from "@tanstack/react-query";
import { formatCount } from "@/lib/numbers";
import { text, textOf } from "@/texts/text";
import { useLocale } from "@/ui/locale";
import { Section } from "@/ui/Page";
import { Empty, Loaded } from "@/ui/states";
import { Nothing } from "@/ui/values";
import { type RejectedBreak, rejectedQuery } from "./queries";

/** Records that the gate or a person rejected, each with its values on both sides and who decided. */
export function RejectedRecords({ recon, run }: { recon: string; run: number }) {
  const locale = useLocale();
  const query = useQuery(rejectedQuery(recon, run));
  return (
    <Section title={text("runs.tabRejected")}>
      <Loaded query={query}>
        {(found) =>
          found.items.length === 0 ? (
            <Empty title={text("runs.rejectedNone")}>{text("runs.rejectedNoneHint")}</Empty>
          ) : (
            <>
              <p className="runs__note">
                {text("runs.rejectedCount", {
                  count: formatCount(found.records, locale),
                  n: found.records,
                })}{" "}
                {found.truncated && text("runs.rejectedMore", { n: found.items.length })}
              </p>
              <div className="runs__scroll">
                <table className="grid-table">
                  <thead>
                    <tr>
                      <th>{text("runs.key")}</th>
                      <th>{text("runs.field")}</th>
                      <th>{text("runs.a")}</th>
                      <th>{text("runs.b")}</th>
                      <th>{text("runs.reason")}</th>
                      <th>{text("runs.decidedBy")}</th>
                      <th>{text("runs.comment")}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {found.items.map((one, at) => (
                      <Line key={at} line={one} />
                    ))}
                  </tbody>
                </table>
              </div>
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

function Line({ line }: { line: RejectedBreak }) {
  const key = line.key.map((part) => part ?? "∅").join(" · ");
  const values = (row: Record<string, unknown> | null) =>
    row === null
      ? []
      : Object.entries(row).map(([name, value]) => ({ name, value: value === null ? "∅" : written(value) }));
  return (
    <tr>
      <td>
        <details className="runs__record">
          <summary aria-label={text("runs.showRow", { key })}>{key}</summary>
          {(["a", "b"] as const).map((side) => {
            const found = values(side === "a" ? line.row_a : line.row_b);
            return (
              found.length > 0 && (
                <p key={side} className="small">
                  <span className="runs__side" data-side={side}>
                    {side}
                  </span>{" "}
                  {found.map(({ name, value }) => (
                    <span key={name} className="runs__cell">
                      <span className="soft">{name}</span> <span className="raw">{value}</span>
                    </span>
                  ))}
                </p>
              )
            );
          })}
        </details>
      </td>
      <td>{line.field ?? textOf("kind", line.kind)}</td>
      <td className="raw">{line.value_a ?? <Nothing />}</td>
      <td className="raw">{line.value_b ?? <Nothing />}</td>
      <td title={line.explanation ?? undefined}>{textOf("reason", line.reason)}</td>
      <td>{line.decided_by}</td>
      <td>{line.comment ?? <Nothing />}</td>
    </tr>
  );
}

function written(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
