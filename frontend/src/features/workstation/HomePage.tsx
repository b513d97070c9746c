import { Link, Navigate } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { usePreferences } from "@/features/session/preferences";
import { reconsQuery } from "@/features/session/recons";
import { text } from "@/texts/text";
import { StateBadge } from "@/ui/Badge";
import { Page, Section } from "@/ui/Page";
import { Empty, Loaded } from "@/ui/states";
import { Count, DateText } from "@/ui/values";

/** Opens the recon that was open last; who has none yet chooses one. */
export function HomePage() {
  const recons = useQuery(reconsQuery);
  const { preferences } = usePreferences();
  const last = recons.data?.find((recon) => recon.name === preferences.recon);
  const only = recons.data?.length === 1 ? recons.data[0] : undefined;
  const open = last ?? only;
  if (open !== undefined)
    return <Navigate to="/recons/$recon/breaks" params={{ recon: open.name }} replace />;
  return (
    <Page title={text("home.title")} about={text("home.about")}>
      <Section title={text("home.recons")}>
        <Loaded query={recons}>
          {(found) =>
            found.length === 0 ? (
              <Empty title={text("home.none")}>{text("home.noneHint")}</Empty>
            ) : (
              <table className="grid-table">
                <thead>
                  <tr>
                    <th>{text("home.recon")}</th>
                    <th>{text("home.lastRun")}</th>
                    <th>{text("home.state")}</th>
                    <th className="number">{text("home.waiting")}</th>
                  </tr>
                </thead>
                <tbody>
                  {found.map((recon) => (
                    <tr key={recon.name}>
                      <td>
                        <Link to="/recons/$recon/breaks" params={{ recon: recon.name }}>
                          {recon.name}
                        </Link>
                      </td>
                      <td>
                        <DateText date={recon.last_run_date} />
                      </td>
                      <td>{recon.last_run_state !== null && <StateBadge state={recon.last_run_state} />}</td>
                      <td className="number">
                        <Count value={recon.waiting} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )
          }
        </Loaded>
      </Section>
    </Page>
  );
}
