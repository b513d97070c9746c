import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { text } from "@/texts/text";
import { StateBadge } from "@/ui/Badge";
import { Section } from "@/ui/Page";
import { Empty, Loaded } from "@/ui/states";
import { Count, DateText, ShortMoney } from "@/ui/values";
import { FigureLink } from "@/features/session/FigureLink";
import type { BreakFilter } from "@/features/session/leading";
import { overviewQuery, type ReconOverview } from "./queries";

const MOST = 3;
const LARGEST = { sort: "amount", down: true } as const;

/** Open breaks that are at least so many days old. */
function older(filter: BreakFilter, days: number): BreakFilter {
  return days === 0 ? filter : { ...filter, older_than_days: days - 1 };
}

/** Every recon in one row: how it ran, what is open, what that is worth. */
export function Overview({ open }: { open: string | undefined }) {
  const query = useQuery(overviewQuery);
  return (
    <Section title={text("dashboard.overview")}>
      <Loaded query={query}>
        {({ recons }) =>
          recons.length === 0 ? (
            <Empty title={text("dashboard.none")}>{text("dashboard.noneHint")}</Empty>
          ) : (
            <table className="grid-table">
              <thead>
                <tr>
                  <th>{text("dashboard.recon")}</th>
                  <th>{text("dashboard.date")}</th>
                  <th>{text("dashboard.state")}</th>
                  <th className="number">{text("dashboard.open")}</th>
                  <th className="number">{text("dashboard.overdue")}</th>
                  <th className="number">{text("dashboard.unassigned")}</th>
                  <th className="number">{text("dashboard.oldest")}</th>
                  <th>{text("dashboard.atRisk")}</th>
                </tr>
              </thead>
              <tbody>
                {recons.map((one) => (
                  <Row key={one.recon} one={one} open={one.recon === open} />
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
    </Section>
  );
}

function Row({ one, open }: { one: ReconOverview; open: boolean }) {
  const rest = one.value_at_risk.length - MOST;
  return (
    <tr>
      <td>
        <Link to="/dashboard" search={{ recon: one.recon }} aria-current={open ? "true" : undefined}>
          {one.recon}
        </Link>
      </td>
      <td>
        <DateText date={one.business_date} />
      </td>
      <td>
        {one.state !== null && one.run_id !== null && (
          <Link to="/recons/$recon/runs/$run" params={{ recon: one.recon, run: one.run_id }}>
            <StateBadge state={one.state} />
          </Link>
        )}
      </td>
      <td className="number">
        <FigureLink recon={one.recon} filter={one.filter}>
          <Count value={one.open} />
        </FigureLink>
      </td>
      <td className="number">
        <FigureLink recon={one.recon} filter={one.filter && { ...one.filter, overdue: true }}>
          <Count value={one.overdue} />
        </FigureLink>
      </td>
      <td className="number">
        <FigureLink
          recon={one.recon}
          filter={one.filter && { ...one.filter, assignee: [""], assigned_group: [""] }}
        >
          <Count value={one.unassigned} />
        </FigureLink>
      </td>
      <td className="number">
        {one.oldest_days === null ? (
          text("dashboard.noAge")
        ) : (
          <FigureLink recon={one.recon} filter={one.filter && older(one.filter, one.oldest_days)}>
            {text("dashboard.days", { n: one.oldest_days })}
          </FigureLink>
        )}
      </td>
      <td>
        <span className="figures__money">
          {one.value_at_risk.slice(0, MOST).map((risk) => (
            <FigureLink
              key={risk.currency ?? ""}
              recon={one.recon}
              filter={one.filter && { ...one.filter, currency: [risk.currency ?? ""] }}
              order={LARGEST}
            >
              <ShortMoney amount={risk.value} currency={risk.currency} />
            </FigureLink>
          ))}
          {rest > 0 && (
            <Link to="/dashboard" search={{ recon: one.recon }} hash="at-risk">
              {text("dashboard.andMore", { n: rest })}
            </Link>
          )}
        </span>
      </td>
    </tr>
  );
}
