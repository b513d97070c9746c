import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { text } from "@/texts/text";
import { Page } from "@/ui/Page";
import { TimeText } from "@/ui/values";
import { CausesOverTime } from "./CausesOverTime";
import { Ageing, Backlog, Owners } from "./Open";
import { Overview } from "./Overview";
import { overviewQuery } from "./queries";
import { Rates } from "./Rates";
import { ValueAtRisk } from "./ValueAtRisk";
import "./dashboard.css";

/** How the recons do, and where to look first. Every figure leads to its rows. */
export function DashboardPage() {
  const search = useSearch({ from: "/shell/dashboard" });
  const overview = useQuery(overviewQuery);
  const recon = search.recon ?? overview.data?.recons[0]?.recon;
  const moment = overview.data?.recons.find((one) => one.recon === recon)?.as_of;
  return (
    <Page
      title={text("dashboard.title")}
      about={
        moment === undefined ? undefined : (
          <>
            {text("dashboard.asOf")} <TimeText moment={moment} />
          </>
        )
      }
    >
      <Overview open={recon} />
      {recon !== undefined && (
        <div className="figures" key={recon}>
          <h2 className="figures__of">{recon}</h2>
          <Rates recon={recon} />
          <div className="figures__pair">
            <Ageing recon={recon} />
            <Owners recon={recon} />
            <Backlog recon={recon} />
            <ValueAtRisk recon={recon} />
          </div>
          <CausesOverTime recon={recon} />
        </div>
      )}
    </Page>
  );
}
