import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { useMay } from "@/features/session/session";
import { text } from "@/texts/text";
import { StateBadge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { notify } from "@/ui/notices";
import { Section } from "@/ui/Page";
import { Empty, Loaded } from "@/ui/states";
import { DateText, TimeText } from "@/ui/values";
import { schedulesQuery } from "./queries";

/** Recons that run by themselves: when next, for which date; paused and resumed here. */
export function Schedules() {
  const may = useMay();
  const client = useQueryClient();
  const query = useQuery(schedulesQuery);
  const turn = useMutation({
    mutationFn: ({ recon, on }: { recon: string; on: boolean }) => {
      const given = { params: { path: { recon } } };
      return on
        ? answer(api.POST("/api/v1/recons/{recon}/schedule/resumption", given))
        : answer(api.POST("/api/v1/recons/{recon}/schedule/pause", given));
    },
    onError: (problem) => notify({ tone: "rejected", title: problem.title, detail: problem.detail }),
    onSettled: () => client.invalidateQueries({ queryKey: ["schedules"] }),
  });
  return (
    <Section title={text("admin.tab.schedules")}>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={text("admin.noSchedules")}>{text("admin.noSchedulesHint")}</Empty>
          ) : (
            <table className="grid-table">
              <thead>
                <tr>
                  <th>{text("admin.recon")}</th>
                  <th>{text("admin.state")}</th>
                  <th>{text("admin.cron")}</th>
                  <th>{text("admin.next")}</th>
                  <th>{text("admin.date")}</th>
                  <th>{text("admin.do")}</th>
                </tr>
              </thead>
              <tbody>
                {items.map((one) => (
                  <tr key={one.recon}>
                    <td>{one.recon}</td>
                    <td>
                      <StateBadge state={one.state} />
                    </td>
                    <td className="raw">
                      {[one.timing["cron"], one.timing["timezone"]]
                        .filter((part) => typeof part === "string")
                        .join(" ")}
                    </td>
                    <td>
                      <TimeText moment={one.next_at} />
                    </td>
                    <td>
                      <DateText date={one.next_business_date} />
                    </td>
                    <td>
                      {may("schedules.manage", one.recon) && (
                        <Button
                          look="quiet"
                          onClick={() => turn.mutate({ recon: one.recon, on: one.state === "paused" })}
                        >
                          {text(one.state === "paused" ? "admin.resume" : "admin.pause")}
                        </Button>
                      )}
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
