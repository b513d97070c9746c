import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { components } from "@/api/schema";
import { RunFigureLink } from "@/features/session/FigureLink";
import type { BreakFilter } from "@/features/session/leading";
import { formatDate } from "@/lib/dates";
import { numberFormat } from "@/lib/formatters";
import { formatShare } from "@/lib/numbers";
import { text } from "@/texts/text";
import { TrendChart } from "@/ui/charts/TrendChart";
import { useLocale } from "@/ui/locale";
import { Section } from "@/ui/Page";
import { Empty, Loaded } from "@/ui/states";
import { Count, DateText, Nothing } from "@/ui/values";
import { AsTable } from "./AsTable";
import { figures } from "./queries";

const SHOWN = 60;
const EVERY = { state: ["passed", "in_review", "proposed", "approved", "returned", "rejected"] };
const PASSED = { state: ["passed"] };
const UNEXPLAINED = { ...EVERY, method: ["none"] };

type Run = components["schemas"]["RunRates"];

/** How much matched and how much passed by itself, run by run. Rates are shares, small enough for floats. */
export function Rates({ recon }: { recon: string }) {
  const locale = useLocale();
  const query = useQuery(figures.rates(recon));
  return (
    <Section title={text("dashboard.rates")}>
      <div className="section__body">
        <Loaded query={query} lines={5}>
          {({ runs }) => {
            if (runs.length === 0) return <Empty title={text("dashboard.noRuns")} />;
            const past = runs.slice(0, SHOWN).toReversed();
            const rate = (value: string | null) => (value === null ? null : Number(value));
            return (
              <>
                <TrendChart
                  label={text("dashboard.ratesLabel")}
                  dates={past.map((run) => run.business_date)}
                  top={1}
                  dateText={(date) => formatDate(date, locale).replace(/,? \d{4}$/u, "")}
                  valueText={(value) => formatShare(value, locale)}
                  axisText={(value) => numberFormat(locale, { style: "percent" }).format(value)}
                  series={[
                    { name: text("dashboard.matchRate"), values: past.map((run) => rate(run.match_rate)) },
                    { name: text("dashboard.autoPass"), values: past.map((run) => rate(run.auto_pass_rate)) },
                  ]}
                />
                <AsTable>
                  <table className="grid-table">
                    <thead>
                      <tr>
                        <th>{text("dashboard.date")}</th>
                        <th className="number">{text("dashboard.matchRate")}</th>
                        <th className="number">{text("dashboard.autoPass")}</th>
                        <th className="number">{text("dashboard.breaks")}</th>
                        <th className="number">{text("dashboard.passed")}</th>
                        <th className="number">{text("dashboard.unexplained")}</th>
                      </tr>
                    </thead>
                    <tbody>
                      {runs.slice(0, SHOWN).map((run) => (
                        <tr key={run.run_id}>
                          <td>
                            <Link to="/recons/$recon/runs/$run" params={{ recon, run: run.run_id }}>
                              <DateText date={run.business_date} />
                            </Link>
                          </td>
                          <RunNumber recon={recon} run={run.run_id}>
                            {share(run.match_rate, locale)}
                          </RunNumber>
                          <RunNumber recon={recon} run={run.run_id}>
                            {share(run.auto_pass_rate, locale)}
                          </RunNumber>
                          <RunCount recon={recon} run={run} value={run.breaks} filter={EVERY} />
                          <RunCount recon={recon} run={run} value={run.automatic} filter={PASSED} />
                          <RunCount recon={recon} run={run} value={run.unexplained} filter={UNEXPLAINED} />
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </AsTable>
              </>
            );
          }}
        </Loaded>
      </div>
    </Section>
  );
}

function RunNumber({ recon, run, children }: { recon: string; run: number; children: ReactNode }) {
  return (
    <td className="number">
      <Link to="/recons/$recon/runs/$run" params={{ recon, run }}>
        {children}
      </Link>
    </td>
  );
}

interface RunCountProps {
  recon: string;
  run: Run;
  value: number | null;
  filter: BreakFilter;
}

/** Breaks that a run counted: of the last run they are in the list; of those before, their run tells. */
function RunCount({ recon, run, value, filter }: RunCountProps) {
  if (value === null)
    return (
      <td className="number">
        <Nothing />
      </td>
    );
  const count = <Count value={value} />;
  const told = (
    <Link to="/recons/$recon/runs/$run" params={{ recon, run: run.run_id }}>
      {count}
    </Link>
  );
  return (
    <td className="number">
      {run.filter === null ? (
        told
      ) : (
        <RunFigureLink recon={recon} filter={filter} value={value} other={told}>
          {count}
        </RunFigureLink>
      )}
    </td>
  );
}

function share(rate: string | null, locale: string) {
  return rate === null ? <Nothing /> : formatShare(Number(rate), locale);
}
