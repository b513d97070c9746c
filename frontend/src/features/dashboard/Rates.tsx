import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { formatDate } from "@/lib/dates";
import { formatShare } from "@/lib/numbers";
import { text } from "@/texts/text";
import { TrendChart } from "@/ui/charts/TrendChart";
import { useLocale } from "@/ui/locale";
import { Section } from "@/ui/Page";
import { Empty, Loaded } from "@/ui/states";
import { Count, DateText, Nothing } from "@/ui/values";
import { AsTable } from "./AsTable";
import { FigureLink } from "./FigureLink";
import { figures } from "./queries";

const SHOWN = 60;

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
                          <td className="number">{share(run.match_rate, locale)}</td>
                          <td className="number">{share(run.auto_pass_rate, locale)}</td>
                          <td className="number">
                            {run.breaks === null ? <Nothing /> : <Count value={run.breaks} />}
                          </td>
                          <td className="number">
                            {run.automatic === null ? (
                              <Nothing />
                            ) : (
                              <FigureLink recon={recon} filter={run.filter}>
                                <Count value={run.automatic} />
                              </FigureLink>
                            )}
                          </td>
                          <td className="number">
                            {run.unexplained === null ? <Nothing /> : <Count value={run.unexplained} />}
                          </td>
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

function share(rate: string | null, locale: string) {
  return rate === null ? <Nothing /> : formatShare(Number(rate), locale);
}
