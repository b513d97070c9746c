import { useQuery } from "@tanstack/react-query";
import { text, textOf } from "@/texts/text";
import { BarList } from "@/ui/charts/BarList";
import { Section } from "@/ui/Page";
import { Empty, Loaded } from "@/ui/states";
import { Count, TimeText } from "@/ui/values";
import { FigureLink } from "@/features/session/FigureLink";
import { figures } from "./queries";

/** Open breaks by how long they are open. */
export function Ageing({ recon }: { recon: string }) {
  const query = useQuery(figures.ageing(recon));
  return (
    <Section title={text("dashboard.ageing")}>
      <div className="section__body">
        <Loaded query={query}>
          {({ bands }) =>
            bands.every((band) => band.breaks === 0) ? (
              <Empty title={text("dashboard.noOpen")} />
            ) : (
              <BarList
                label={text("dashboard.ageing")}
                bars={bands.map((band) => ({
                  id: String(band.from_days),
                  name: ageOf(band),
                  size: band.breaks,
                  value: (
                    <FigureLink recon={recon} filter={band.filter}>
                      <Count value={band.breaks} />
                    </FigureLink>
                  ),
                }))}
              />
            )
          }
        </Loaded>
      </div>
    </Section>
  );
}

function ageOf({ from_days: from, to_days: to }: { from_days: number; to_days: number | null }): string {
  if (to === null) return text("dashboard.ageMore", { from });
  if (from === to) return text("dashboard.days", { n: from });
  return text("dashboard.ageRange", { from, to });
}

/** Open breaks by who has them. */
export function Owners({ recon }: { recon: string }) {
  const query = useQuery(figures.workload(recon));
  return (
    <Section title={text("dashboard.owners")}>
      <div className="section__body">
        <Loaded query={query}>
          {({ loads }) =>
            loads.length === 0 ? (
              <Empty title={text("dashboard.noOpen")} />
            ) : (
              <BarList
                label={text("dashboard.owners")}
                bars={loads.map((load) => ({
                  id: `${load.person ?? ""}/${load.group ?? ""}`,
                  name: [load.person, load.group].filter(Boolean).join(" · ") || text("dashboard.nobody"),
                  size: load.breaks,
                  value: (
                    <FigureLink recon={recon} filter={load.filter}>
                      <Count value={load.breaks} />
                    </FigureLink>
                  ),
                  more:
                    load.overdue > 0 ? (
                      <FigureLink recon={recon} filter={load.filter && { ...load.filter, overdue: true }}>
                        {text("dashboard.overdueOf", { n: load.overdue })}
                      </FigureLink>
                    ) : undefined,
                }))}
              />
            )
          }
        </Loaded>
      </div>
    </Section>
  );
}

const TONES: Partial<Record<string, "rejected" | "review">> = { overdue: "rejected", within_a_day: "review" };

/** Open breaks against their due times. */
export function Backlog({ recon }: { recon: string }) {
  const query = useQuery(figures.backlog(recon));
  return (
    <Section title={text("dashboard.backlog")}>
      <div className="section__body">
        <Loaded query={query}>
          {({ lines }) => (
            <BarList
              label={text("dashboard.backlog")}
              bars={lines.map((line) => ({
                id: line.due,
                name: textOf("due", line.due),
                size: line.breaks,
                tone: TONES[line.due],
                value: (
                  <FigureLink recon={recon} filter={line.filter}>
                    <Count value={line.breaks} />
                  </FigureLink>
                ),
                more: line.first_due === null ? undefined : <TimeText moment={line.first_due} />,
              }))}
            />
          )}
        </Loaded>
      </div>
    </Section>
  );
}
