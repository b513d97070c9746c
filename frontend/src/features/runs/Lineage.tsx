import { Link } from "@tanstack/react-router";
import { formatCount } from "@/lib/numbers";
import { text } from "@/texts/text";
import { Facts } from "@/ui/Facts";
import { useLocale } from "@/ui/locale";
import { Section } from "@/ui/Page";
import { Empty } from "@/ui/states";
import { Count, Nothing, TimeText } from "@/ui/values";
import type { RunShown } from "./queries";

/** What a run read, under which definition, for whom, and what became of golden tables. */
export function Lineage({ run }: { run: RunShown }) {
  const suspended = Object.entries(run.suspended_rules);
  return (
    <div className="runs__result">
      <Section title={text("runs.files")}>
        <Files run={run} />
      </Section>
      <Section title={text("runs.definition")}>
        <div className="section__body">
          <Facts
            facts={[
              {
                name: text("runs.version"),
                value: (
                  <Link to="/recons/$recon" params={{ recon: run.recon }} search={{ version: run.version }}>
                    {text("runs.versionNumber", { version: run.version })}
                  </Link>
                ),
              },
              { name: text("runs.fingerprint"), value: <span className="raw">{run.fingerprint}</span> },
              { name: text("runs.by"), value: run.requested_by ?? <Nothing /> },
              { name: text("runs.requested"), value: <TimeText moment={run.requested_at} /> },
              { name: text("runs.published"), value: <TimeText moment={run.published_at} /> },
              { name: text("runs.finished"), value: <TimeText moment={run.finished_at} /> },
              ...suspended.map(([rule, why]) => ({
                name: text("runs.suspended"),
                value: `${rule}: ${why}`,
              })),
            ]}
          />
        </div>
      </Section>
      <Section title={text("runs.tables")}>
        <Tables run={run} />
      </Section>
    </div>
  );
}

function Files({ run }: { run: RunShown }) {
  const locale = useLocale();
  if (run.inputs.length === 0) return <Empty title={text("runs.notYet")}>{text("runs.notYetHint")}</Empty>;
  return (
    <table className="grid-table">
      <thead>
        <tr>
          <th>{text("runs.side")}</th>
          <th>{text("runs.system")}</th>
          <th>{text("runs.file")}</th>
          <th>{text("runs.hash")}</th>
          <th className="number">{text("runs.size")}</th>
        </tr>
      </thead>
      <tbody>
        {run.inputs.map((one) => (
          <tr key={`${one.side} ${one.location}`}>
            <td>
              <span className="runs__side" data-side={one.side}>
                {one.side}
              </span>
            </td>
            <td>{run.systems[one.side] ?? <Nothing />}</td>
            <td className="raw runs__long">{one.location}</td>
            <td className="raw" title={one.content_hash}>
              {one.content_hash.slice(0, 23)}…
            </td>
            <td className="number">{`${formatCount(one.bytes, locale)} B`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Tables({ run }: { run: RunShown }) {
  if (run.stored.length === 0) return <Empty title={text("runs.noTables")} />;
  const counts = ["inserted", "updated", "removed", "unchanged", "pending"] as const;
  return (
    <table className="grid-table">
      <thead>
        <tr>
          <th>{text("runs.table")}</th>
          {counts.map((name) => (
            <th key={name} className="number">
              {text(`runs.${name}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {run.stored.map((one) => (
          <tr key={one.table}>
            <td className="raw">{one.table}</td>
            {counts.map((name) => (
              <td key={name} className="number">
                <Count value={one[name]} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
