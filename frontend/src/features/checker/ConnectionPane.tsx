import { useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { useMay, useMe } from "@/features/session/session";
import { text } from "@/texts/text";
import { StateBadge } from "@/ui/Badge";
import { Facts } from "@/ui/Facts";
import { Empty, Loaded } from "@/ui/states";
import { TimeText } from "@/ui/values";
import type { PaneProps } from "./ItemPane";
import { connectionQuery } from "./queries";
import { useVerdict } from "./useVerdict";
import { Verdict } from "./Verdict";

/** A connection that is to lead somewhere, beside where it leads now. */
export function ConnectionPane({ name, number, decided }: PaneProps) {
  const me = useMe();
  const may = useMay();
  const give = useVerdict(decided);
  const query = useQuery(connectionQuery(name));
  const path = { name, version: number };
  return (
    <Loaded query={query} lines={6}>
      {(connection) => {
        const wanted = connection.versions.find((one) => one.version === number);
        if (wanted === undefined) return <Empty title={text("checker.missing")} />;
        const title = text("checker.connectionTitle", { name, version: number });
        const barred = !may("connections.approve")
          ? text("checker.notYours")
          : wanted.proposed_by === me.name
            ? text("checker.own")
            : undefined;
        return (
          <>
            <header className="check__top">
              <div className="check__name">
                <h2>{title}</h2>
                <StateBadge state={wanted.state} filled />
              </div>
              {wanted.state === "proposed" && (
                <Verdict
                  barred={barred}
                  effect={text("checker.connectionEffect")}
                  refuse={text("checker.reject")}
                  refuseTitle={text("checker.rejectTitle")}
                  onApprove={() =>
                    give({
                      about: title,
                      send: () =>
                        answer(
                          api.POST("/api/v1/connections/{name}/versions/{version}/approval", {
                            params: { path },
                            body: { comment: "" },
                          }),
                        ),
                      told: () => text("checker.connectionApproved"),
                    })
                  }
                  onRefuse={(comment) =>
                    give({
                      about: title,
                      send: () =>
                        answer(
                          api.POST("/api/v1/connections/{name}/versions/{version}/rejection", {
                            params: { path },
                            body: { comment },
                          }),
                        ),
                      told: () => text("checker.rejected"),
                    })
                  }
                />
              )}
            </header>
            <div className="check__facts">
              <Facts
                facts={[
                  {
                    name: text("checker.maker"),
                    value: (
                      <>
                        {wanted.proposed_by}, <TimeText moment={wanted.proposed_at} ago />
                      </>
                    ),
                  },
                  {
                    name: text("checker.now"),
                    value: <span className="raw">{connection.folder ?? text("checker.nowhere")}</span>,
                  },
                  { name: text("checker.then"), value: <span className="raw">{wanted.folder}</span> },
                  { name: text("checker.description"), value: wanted.description },
                ]}
              />
            </div>
          </>
        );
      }}
    </Loaded>
  );
}
