import { formatShare } from "@/lib/numbers";
import { text, textOf } from "@/texts/text";
import { useLocale } from "@/ui/locale";
import { TotalsTable } from "@/ui/TotalsTable";
import { Count, Nothing } from "@/ui/values";
import type { Trial } from "./queries";

/** What a trial came to. */
export function TrialResult({ trial }: { trial: Trial }) {
  const locale = useLocale();
  const share =
    trial.share >= 1
      ? text("draft.shareAll")
      : text("draft.share", { share: formatShare(trial.share, locale) });
  return (
    <div className="section__body">
      <p className="soft">{[share, ...trial.notes].join(" ")}</p>
      <dl className="recons__figures">
        {Object.entries(trial.rows).map(([name, value]) => (
          <div key={name} data-nothing={value === 0 || undefined}>
            <dt>{textOf("rows", name)}</dt>
            <dd>
              <Count value={value} />
            </dd>
          </div>
        ))}
      </dl>
      <div className="draft__results">
        <table className="grid-table">
          <caption>{text("draft.perField")}</caption>
          <thead>
            <tr>
              <th>{text("draft.field")}</th>
              <th>{text("draft.type")}</th>
              <th className="number">{text("runs.different")}</th>
              <th className="number">{text("runs.within")}</th>
            </tr>
          </thead>
          <tbody>
            {trial.fields.map((one) => (
              <tr key={one.field}>
                <td>{one.field}</td>
                <td className="soft">{trial.types[one.field] ?? <Nothing />}</td>
                <td className="number">
                  <Count value={one.different} />
                </td>
                <td className="number">
                  <Count value={one.within_tolerance} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {trial.totals.length > 0 && <TotalsTable totals={trial.totals} caption={text("runs.totals")} />}
      </div>
      <Examples trial={trial} />
    </div>
  );
}

function Examples({ trial }: { trial: Trial }) {
  if (trial.examples.length === 0 && trial.rejects.length === 0)
    return <p className="soft">{text("draft.noBreaks")}</p>;
  return (
    <>
      {trial.examples.length > 0 && (
        <details open>
          <summary>{text("draft.examples")}</summary>
          <div className="recons__scroll">
            <table className="grid-table">
              <thead>
                <tr>
                  <th>{text("runs.key")}</th>
                  <th>{text("draft.field")}</th>
                  <th>{text("runs.a")}</th>
                  <th>{text("runs.b")}</th>
                  <th>{text("runs.reason")}</th>
                </tr>
              </thead>
              <tbody>
                {trial.examples.map((one, at) => (
                  <tr key={at}>
                    <td>{keyText(one.key)}</td>
                    <td>{one.field ?? textOf("kind", one.kind)}</td>
                    <td className="raw">{one.value_a ?? <Nothing />}</td>
                    <td className="raw">{one.value_b ?? <Nothing />}</td>
                    <td>{textOf("reason", one.reason)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
      {trial.rejects.length > 0 && (
        <details>
          <summary>{text("draft.unreadable")}</summary>
          <table className="grid-table">
            <tbody>
              {trial.rejects.map((one, at) => (
                <tr key={at}>
                  <td>{one.side}</td>
                  <td>{one.line ?? <Nothing />}</td>
                  <td>{one.why}</td>
                  <td className="raw">{one.raw}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </>
  );
}

/** A key as people write it: the server tells the JSON array of its parts. */
function keyText(key: string): string {
  try {
    const parts: unknown = JSON.parse(key);
    return Array.isArray(parts) ? parts.map((part) => (part === null ? "∅" : String(part))).join(" · ") : key;
  } catch {
    return key;
  }
}
