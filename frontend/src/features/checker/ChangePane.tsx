import { useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { useMay, useMe } from "@/features/session/session";
import { text } from "@/texts/text";
import { Badge, StateBadge } from "@/ui/Badge";
import { Facts } from "@/ui/Facts";
import { Empty, Loaded } from "@/ui/states";
import { DateText, TimeText } from "@/ui/values";
import type { PaneProps } from "./ItemPane";
import { changeQuery, differenceQuery } from "./queries";
import { useVerdict } from "./useVerdict";
import { Verdict } from "./Verdict";

/** A definition that is to hold from a date on, with what differs from the version before it. */
export function ChangePane({ name, number, decided }: PaneProps) {
  const me = useMe();
  const may = useMay();
  const give = useVerdict(decided);
  const query = useQuery(changeQuery(name, number));
  const path = { recon: name, change: number };
  return (
    <Loaded query={query} lines={8}>
      {(change) => {
        const { revision, version } = change;
        const title =
          version === null
            ? text("checker.retire", { recon: name })
            : text("checker.changeTitle", { recon: name, version });
        const barred = !may("recons.approve", name)
          ? text("checker.notYours")
          : change.proposed_by === me.name
            ? text("checker.own")
            : undefined;
        return (
          <>
            <header className="check__top">
              <div className="check__name">
                <h2>{title}</h2>
                <StateBadge state={change.state} filled />
              </div>
              {change.state === "proposed" && (
                <Verdict
                  barred={barred}
                  effect={text("checker.changeEffect")}
                  refuse={text("checker.reject")}
                  refuseTitle={text("checker.rejectTitle")}
                  onApprove={() =>
                    give({
                      about: title,
                      send: () =>
                        answer(
                          api.POST("/api/v1/recons/{recon}/changes/{change}/approval", {
                            params: { path },
                            body: { revision, activate: true, comment: "" },
                          }),
                        ),
                      told: () => text("checker.changeApproved"),
                    })
                  }
                  onRefuse={(comment) =>
                    give({
                      about: title,
                      send: () =>
                        answer(
                          api.POST("/api/v1/recons/{recon}/changes/{change}/rejection", {
                            params: { path },
                            body: { revision, comment },
                          }),
                        ),
                      told: () => text("checker.rejected"),
                    })
                  }
                />
              )}
            </header>
            {change.comment !== "" && <blockquote className="check__quote">{change.comment}</blockquote>}
            <div className="check__facts">
              <Facts
                facts={[
                  {
                    name: text("checker.maker"),
                    value: (
                      <>
                        {change.proposed_by}, <TimeText moment={change.proposed_at} ago />
                      </>
                    ),
                  },
                  { name: text("checker.from"), value: <DateText date={change.effective_from} /> },
                ]}
              />
            </div>
            {version !== null && <Difference recon={name} version={version} />}
          </>
        );
      }}
    </Loaded>
  );
}

function Difference({ recon, version }: { recon: string; version: number }) {
  const query = useQuery(differenceQuery(recon, version));
  return (
    <section className="check__part" aria-label={text("checker.difference")}>
      <h3>{text("checker.difference")}</h3>
      <Loaded query={query}>
        {({ fields, same_meaning }) =>
          fields.length === 0 ? (
            <Empty title={text(version === 1 ? "checker.firstVersion" : "checker.noDifference")} />
          ) : (
            <>
              {same_meaning && <p className="soft">{text("checker.sameMeaning")}</p>}
              <table className="grid-table">
                <thead>
                  <tr>
                    <th>{text("checker.place")}</th>
                    <th>{text("checker.before")}</th>
                    <th>{text("checker.after")}</th>
                    <th>{text("checker.meaning")}</th>
                  </tr>
                </thead>
                <tbody>
                  {fields.map((one) => (
                    <tr key={one.path}>
                      <td className="raw">{one.path}</td>
                      <td className="raw">{one.before}</td>
                      <td className="raw">{one.after}</td>
                      <td>{one.meaning && <Badge tone="review">{text("checker.means")}</Badge>}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </>
          )
        }
      </Loaded>
    </section>
  );
}
