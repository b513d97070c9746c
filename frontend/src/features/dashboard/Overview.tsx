import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { text } from "@/texts/text";
import { StateBadge } from "@/ui/Badge";
import { Section } from "@/ui/Page";
import { Empty, Loaded } from "@/ui/states";
import { Count, DateText, ShortMoney } from "@/ui/values";
import { FigureLink } from "./FigureLink";
import { overviewQuery, type ReconOverview } from "./queries";

const MOST = 3;

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
      <td>{one.state !== null && <StateBadge state={one.state} />}</td>
      <td className="number">
        <FigureLink recon={one.recon} filter={one.filter}>
          <Count value={one.open} />
        </FigureLink>
      </td>
      <td className="number">
        <FigureLink recon={one.recon} filter={{ ...one.filter, overdue: true }}>
          <Count value={one.overdue} />
        </FigureLink>
      </td>
      <td className="number">
        <FigureLink recon={one.recon} filter={{ ...one.filter, assignee: [""] }}>
          <Count value={one.unassigned} />
        </FigureLink>
      </td>
      <td className="number">
        {one.oldest_days === null ? text("dashboard.noAge") : text("dashboard.days", { n: one.oldest_days })}
      </td>
      <td>
        <span className="figures__money">
          {one.value_at_risk.slice(0, MOST).map((risk) => (
            <ShortMoney key={risk.currency} amount={risk.value} currency={risk.currency} />
          ))}
          {rest > 0 && <span className="soft">{text("dashboard.andMore", { n: rest })}</span>}
        </span>
      </td>
    </tr>
  );
}
