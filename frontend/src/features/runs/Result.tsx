import { text, textOf } from "@/texts/text";
import { Section } from "@/ui/Page";
import { TotalsTable } from "@/ui/TotalsTable";
import { Empty } from "@/ui/states";
import { Count, Nothing } from "@/ui/values";
import { RunFigureLink } from "@/features/session/FigureLink";
import { Bands } from "./Bands";
import { EVERY } from "./filters";
import { isOver, type RunShown } from "./queries";
import { Unexplained } from "./Unexplained";

/** What a run came to: bands, rows, totals by currency, fields, reasons, checks. */
export function Result({ run }: { run: RunShown }) {
  if (run.rows === null || run.bands === null) {
    const over = isOver(run.state);
    return (
      <Empty title={text(over ? "runs.notPublished" : "runs.notYet")}>
        {text(over ? "runs.notPublishedHint" : "runs.notYetHint")}
      </Empty>
    );
  }
  return (
    <div className="runs__result">
      <Bands run={run} bands={run.bands} />
      <Section title={text("runs.rows")}>
        <dl className="runs__figures">
          {Object.entries(run.rows).map(([name, value]) => (
            <div key={name} data-nothing={value === 0 || undefined}>
              <dt>{textOf("rows", name)}</dt>
              <dd>
                <Count value={value} />
              </dd>
            </div>
          ))}
        </dl>
      </Section>
      <div className="runs__pair">
        {run.totals.length > 0 && <Totals run={run} />}
        {Object.keys(run.reasons).length > 0 && <Reasons run={run} />}
        {run.fields.length > 0 && <Fields run={run} />}
        {run.checks.length > 0 && <Checks run={run} />}
      </div>
      {run.unexplained.length > 0 && <Unexplained run={run} />}
    </div>
  );
}

function Totals({ run }: { run: RunShown }) {
  return (
    <Section title={run.amount === null ? text("runs.totals") : text("runs.totalsOf", { field: run.amount })}>
      <TotalsTable totals={run.totals} />
    </Section>
  );
}

function Reasons({ run }: { run: RunShown }) {
  const reasons = Object.entries(run.reasons).sort(([, a], [, b]) => b - a);
  return (
    <Section title={text("runs.reasons")}>
      <table className="grid-table">
        <thead>
          <tr>
            <th>{text("runs.reason")}</th>
            <th className="number">{text("runs.count")}</th>
          </tr>
        </thead>
        <tbody>
          {reasons.map(([reason, breaks]) => (
            <tr key={reason}>
              <td>{textOf("reason", reason)}</td>
              <td className="number">
                <RunFigureLink recon={run.recon} filter={{ ...EVERY, reason: [reason] }} value={breaks}>
                  <Count value={breaks} />
                </RunFigureLink>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function Fields({ run }: { run: RunShown }) {
  const fields = [...run.fields].sort((one, other) => other.different - one.different);
  return (
    <Section title={text("runs.fields")}>
      <table className="grid-table">
        <thead>
          <tr>
            <th>{text("runs.field")}</th>
            <th className="number">{text("runs.different")}</th>
            <th className="number">{text("runs.within")}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((one) => (
            <tr key={one.field}>
              <td>{one.field}</td>
              <td className="number">
                <RunFigureLink
                  recon={run.recon}
                  filter={{ ...EVERY, field: [one.field], kind: ["value"] }}
                  value={one.different}
                >
                  <Count value={one.different} />
                </RunFigureLink>
              </td>
              <td className="number">
                <Count value={one.within_tolerance} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function Checks({ run }: { run: RunShown }) {
  return (
    <Section title={text("runs.checks")}>
      <table className="grid-table">
        <thead>
          <tr>
            <th>{text("runs.check")}</th>
            <th>{text("runs.field")}</th>
            <th className="number">{text("runs.count")}</th>
            <th>{text("runs.example")}</th>
          </tr>
        </thead>
        <tbody>
          {run.checks.map((one) => (
            <tr key={`${one.rule} ${one.field ?? ""}`}>
              <td className="raw">{one.rule}</td>
              <td>{one.field ?? <Nothing />}</td>
              <td className="number">
                <RunFigureLink
                  recon={run.recon}
                  filter={{ ...EVERY, kind: ["check"], field: [one.field ?? ""] }}
                  value={one.breaks}
                >
                  <Count value={one.breaks} />
                </RunFigureLink>
              </td>
              <td>{one.example ?? <Nothing />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
