import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { formatDate } from "@/lib/dates";
import { formatCount } from "@/lib/numbers";
import { present } from "@/lib/search";
import { text, textOf } from "@/texts/text";
import { TrendChart } from "@/ui/charts/TrendChart";
import { useLocale } from "@/ui/locale";
import { Section } from "@/ui/Page";
import { Empty, Loaded } from "@/ui/states";
import { Count } from "@/ui/values";
import { FigureLink } from "@/features/session/FigureLink";
import { figures } from "./queries";

const LINES = 5;

/** What the greatest causes explained, run by run; all of them in the table. */
export function CausesOverTime({ recon }: { recon: string }) {
  const locale = useLocale();
  const query = useQuery(figures.causes(recon));
  return (
    <Section title={text("dashboard.causes")}>
      <div className="section__body">
        <Loaded query={query} lines={5}>
          {({ causes }) => {
            if (causes.length === 0) return <Empty title={text("dashboard.noCauses")} />;
            const dates = [
              ...new Set(causes.flatMap((cause) => cause.runs.map((run) => run.business_date))),
            ].sort();
            const name = (cause: (typeof causes)[number]) =>
              cause.field === null ? cause.expression : `${cause.field}: ${cause.expression}`;
            return (
              <>
                <TrendChart
                  label={text("dashboard.causesLabel")}
                  dates={dates}
                  dateText={(date) => formatDate(date, locale).replace(/,? \d{4}$/u, "")}
                  valueText={(value) => formatCount(value, locale)}
                  series={causes.slice(0, LINES).map((cause) => ({
                    name: name(cause),
                    values: dates.map((date) =>
                      cause.runs
                        .filter((run) => run.business_date === date)
                        .reduce((sum, run) => sum + run.breaks, 0),
                    ),
                  }))}
                />
                <table className="grid-table">
                  <thead>
                    <tr>
                      <th>{text("dashboard.cause")}</th>
                      <th>{text("dashboard.scope")}</th>
                      <th>{text("dashboard.reason")}</th>
                      <th className="number">{text("dashboard.explained")}</th>
                      <th className="number">{text("dashboard.present")}</th>
                      <th className="number">{text("dashboard.open")}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {causes.map((cause) => (
                      <tr key={cause.cause_id}>
                        <td className="raw">{name(cause)}</td>
                        <td className="raw">{cause.scope === "true" ? "" : cause.scope}</td>
                        <td>{textOf("reason", cause.reason)}</td>
                        <td className="number">
                          <Link
                            to="/recons/$recon/runs"
                            params={{ recon }}
                            search={present({
                              from: cause.runs[0]?.business_date,
                              to: cause.runs.at(-1)?.business_date,
                            })}
                            title={text("dashboard.explainedIn", { n: cause.runs.length })}
                          >
                            <Count value={cause.breaks} />
                          </Link>
                        </td>
                        <td className="number">
                          <FigureLink recon={recon} filter={cause.filter}>
                            <Count value={cause.present} />
                          </FigureLink>
                        </td>
                        <td className="number">
                          <FigureLink
                            recon={recon}
                            filter={{ ...cause.filter, state: ["in_review", "proposed", "returned"] }}
                          >
                            <Count value={cause.open} />
                          </FigureLink>
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </>
            );
          }}
        </Loaded>
      </div>
    </Section>
  );
}
