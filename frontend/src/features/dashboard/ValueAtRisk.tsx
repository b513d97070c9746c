import { useQuery } from "@tanstack/react-query";
import { text } from "@/texts/text";
import { Section } from "@/ui/Page";
import { Empty, Loaded } from "@/ui/states";
import { Count, Money } from "@/ui/values";
import { FigureLink } from "@/features/session/FigureLink";
import { figures } from "./queries";

const LARGEST = { sort: "amount", down: true } as const;
const BY_KEY = { sort: "key" } as const;

/** What open breaks put at stake. Currencies stand in a table: bars of different moneys would not compare. */
export function ValueAtRisk({ recon }: { recon: string }) {
  const query = useQuery(figures.risk(recon));
  return (
    <Section title={text("dashboard.atRisk")}>
      <Loaded query={query}>
        {({ currencies }) =>
          currencies.length === 0 ? (
            <Empty title={text("dashboard.noOpen")} />
          ) : (
            <table className="grid-table">
              <thead>
                <tr>
                  <th>{text("dashboard.currency")}</th>
                  <th className="number">{text("dashboard.value")}</th>
                  <th className="number">{text("dashboard.largest")}</th>
                  <th className="number">{text("dashboard.records")}</th>
                  <th className="number">{text("dashboard.breaks")}</th>
                </tr>
              </thead>
              <tbody>
                {currencies.map((risk) => (
                  <tr key={risk.currency ?? ""}>
                    <td>{risk.currency ?? text("dashboard.noCurrency")}</td>
                    <td className="number">
                      <FigureLink recon={recon} filter={risk.filter} order={LARGEST}>
                        <Money amount={risk.value} />
                      </FigureLink>
                    </td>
                    <td className="number">
                      <FigureLink recon={recon} filter={risk.filter} order={LARGEST}>
                        <Money amount={risk.largest} />
                      </FigureLink>
                    </td>
                    <td className="number">
                      <FigureLink recon={recon} filter={risk.filter} order={BY_KEY}>
                        <Count value={risk.records} />
                      </FigureLink>
                    </td>
                    <td className="number">
                      <FigureLink recon={recon} filter={risk.filter}>
                        <Count value={risk.breaks} />
                      </FigureLink>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
    </Section>
  );
}
