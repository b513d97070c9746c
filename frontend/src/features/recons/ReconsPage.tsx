import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReconListed, reconsQuery } from "@/features/session/recons";
import { useMay } from "@/features/session/session";
import { text, textOf } from "@/texts/text";
import { Badge, StateBadge } from "@/ui/Badge";
import { Page, Section } from "@/ui/Page";
import { Empty, Loaded } from "@/ui/states";
import { DateText, Nothing } from "@/ui/values";
import "./recons.css";

/** The recons this person may see: what holds, what waits, when it ran last. */
export function ReconsPage() {
  const query = useQuery(reconsQuery);
  const may = useMay();
  const create = may("recons.propose") && (
    <Link className="button button--main" to="/recons/new">
      {text("recons.new")}
    </Link>
  );
  return (
    <Page title={text("recons.title")} about={text("recons.about")} actions={create}>
      <Section title={text("recons.title")}>
        <Loaded query={query} lines={6}>
          {(found) =>
            found.length === 0 ? (
              <Empty title={text("recons.none")} action={create}>
                {text("recons.noneHint")}
              </Empty>
            ) : (
              <Table recons={found} />
            )
          }
        </Loaded>
      </Section>
    </Page>
  );
}

function Table({ recons }: { recons: readonly ReconListed[] }) {
  return (
    <div className="recons__scroll">
      <table className="grid-table">
        <thead>
          <tr>
            <th>{text("recons.recon")}</th>
            <th>{text("recons.description")}</th>
            <th>{text("recons.holds")}</th>
            <th>{text("recons.waiting")}</th>
            <th>{text("recons.schedule")}</th>
            <th>{text("recons.lastRun")}</th>
          </tr>
        </thead>
        <tbody>
          {recons.map((recon) => (
            <tr key={recon.name}>
              <td>
                <Link to="/recons/$recon" params={{ recon: recon.name }}>
                  {recon.name}
                </Link>
              </td>
              <td className="soft">{recon.description ?? <Nothing />}</td>
              <td>
                {recon.effective_version === null ? (
                  <span className="soft">
                    {text(recon.retired ? "recons.retired" : "recons.nothingHolds")}
                  </span>
                ) : (
                  text("recons.version", { version: recon.effective_version })
                )}
              </td>
              <td>
                {recon.waiting === 0 ? (
                  <Nothing />
                ) : (
                  <Link to="/recons/$recon" params={{ recon: recon.name }} search={{ tab: "changes" }}>
                    <Badge tone="proposed">{text("recons.changesWait", { n: recon.waiting })}</Badge>
                  </Link>
                )}
              </td>
              <td>{recon.schedule === null ? <Nothing /> : textOf("state", recon.schedule)}</td>
              <td>
                {recon.last_run === null || recon.last_run_state === null ? (
                  <Nothing />
                ) : (
                  <Link
                    className="row recons__run"
                    to="/recons/$recon/runs/$run"
                    params={{ recon: recon.name, run: recon.last_run }}
                  >
                    <StateBadge state={recon.last_run_state} />
                    <DateText date={recon.last_run_date} />
                  </Link>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
