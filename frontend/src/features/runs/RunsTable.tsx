import { Link } from "@tanstack/react-router";
import { formatSeconds } from "@/lib/dates";
import { text } from "@/texts/text";
import { StateBadge } from "@/ui/Badge";
import { Count, DateText, Nothing, TimeText } from "@/ui/values";
import type { RunListed } from "./queries";

interface RunsTableProps {
  runs: readonly RunListed[];
  withRecon: boolean;
  picked: readonly number[];
  onPick: (run: number, on: boolean) => void;
}

/** Runs as a list; every number leads to its run. */
export function RunsTable({ runs, withRecon, picked, onPick }: RunsTableProps) {
  return (
    <div className="runs__scroll">
      <table className="grid-table">
        <thead>
          <tr>
            <th>
              <span className="visually-hidden">{text("runs.compare")}</span>
            </th>
            <th className="number">{text("runs.run")}</th>
            {withRecon && <th>{text("runs.recon")}</th>}
            <th>{text("runs.date")}</th>
            <th>{text("runs.state")}</th>
            <th className="number">{text("runs.rowsA")}</th>
            <th className="number">{text("runs.rowsB")}</th>
            <th className="number">{text("runs.breaks")}</th>
            <th className="number">{text("runs.version")}</th>
            <th>{text("runs.requested")}</th>
            <th className="number">{text("runs.took")}</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.run}>
              <td className="runs__tick">
                <input
                  type="checkbox"
                  aria-label={text("runs.pick", { run: run.run })}
                  checked={picked.includes(run.run)}
                  onChange={({ target }) => onPick(run.run, target.checked)}
                />
              </td>
              <td className="number">
                <Link to="/recons/$recon/runs/$run" params={{ recon: run.recon, run: run.run }}>
                  {run.run}
                </Link>
              </td>
              {withRecon && (
                <td>
                  <Link to="/recons/$recon/runs" params={{ recon: run.recon }}>
                    {run.recon}
                  </Link>
                </td>
              )}
              <td>
                <DateText date={run.business_date} />
              </td>
              <td>
                <StateBadge state={run.state} />
                {run.superseded_by !== null && (
                  <span className="small faint runs__beside">
                    {text("runs.superseded", { run: run.superseded_by })}
                  </span>
                )}
                {run.error !== null && (
                  <span className="small soft runs__error" title={run.error}>
                    {run.error}
                  </span>
                )}
              </td>
              <Numeric value={run.rows_a} />
              <Numeric value={run.rows_b} />
              <Numeric value={run.apart} />
              <td className="number">{run.version}</td>
              <td>
                <TimeText moment={run.requested_at} ago />
              </td>
              <td className="number">{took(run) ?? <Nothing />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Numeric({ value }: { value: number | null }) {
  return <td className="number">{value === null ? <Nothing /> : <Count value={value} />}</td>;
}

function took({ requested_at, finished_at }: RunListed): string | undefined {
  if (finished_at === null) return undefined;
  return formatSeconds((Date.parse(finished_at) - Date.parse(requested_at)) / 1000);
}
