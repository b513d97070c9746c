import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { useMay } from "@/features/session/session";
import { text, textOf } from "@/texts/text";
import { Button, IconButton } from "@/ui/Button";
import { Section } from "@/ui/Page";
import { Empty, Loaded } from "@/ui/states";
import { DuePolicyDialog } from "./DuePolicyDialog";
import { type DuePolicy, dueQuery } from "./queries";
import { refused } from "./refused";

/** Until when breaks are to be decided, in business days; of the policies the first that fits a break holds. */
export function DuePolicies({ recon }: { recon: string }) {
  const may = useMay();
  const client = useQueryClient();
  const query = useQuery(dueQuery(recon));
  /** The place of the policy that is open, or one past the last for a new one. */
  const [open, setOpen] = useState<number>();
  const again = () => void client.invalidateQueries({ queryKey: ["policies", recon, "due"] });
  const put = useMutation({
    mutationFn: (policies: readonly DuePolicy[]) =>
      answer(
        api.PUT("/api/v1/recons/{recon}/due-policies", {
          params: { path: { recon } },
          body: { version: query.data?.version ?? 0, policies: [...policies] },
        }),
      ),
    onSuccess: (held) => {
      client.setQueryData(dueQuery(recon).queryKey, held);
      void client.invalidateQueries({ queryKey: ["breaks", recon] });
      setOpen(undefined);
    },
    onError: (problem) => open === undefined && refused(problem, again),
  });
  const manages = may("policies.manage");
  const held = query.data?.policies ?? [];
  return (
    <Section
      title={text("admin.due")}
      actions={
        manages && (
          <Button icon="plus" onClick={() => setOpen(held.length)}>
            {text("admin.addDue")}
          </Button>
        )
      }
    >
      <Loaded query={query}>
        {({ policies }) =>
          policies.length === 0 ? (
            <Empty title={text("admin.noDue")}>{text("admin.noDueHint")}</Empty>
          ) : (
            <>
              <div className="admin__scroll">
                <table className="grid-table">
                  <thead>
                    <tr>
                      <th>{text("admin.order")}</th>
                      <th>{text("admin.name")}</th>
                      <th>{text("admin.fits")}</th>
                      <th>{text("admin.until")}</th>
                      <th>{text("admin.calendar")}</th>
                      <th>{text("admin.told")}</th>
                      <th>{text("admin.do")}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {policies.map((one, at) => (
                      <tr key={one.name}>
                        <td>{at + 1}</td>
                        <td>{one.name}</td>
                        <td>{fits(one)}</td>
                        <td>
                          {text("admin.days", {
                            n: one.business_days,
                            time: one.by_time,
                            zone: one.timezone,
                          })}
                        </td>
                        <td>{calendarText(one)}</td>
                        <td>{(one.tell ?? []).map(({ name }) => name).join(", ")}</td>
                        <td>
                          {manages && (
                            <span className="admin__do">
                              <IconButton
                                icon="up"
                                label={text("admin.earlierOf", { name: one.name })}
                                disabled={at === 0 || put.isPending}
                                onClick={() => put.mutate(moved(policies, at))}
                              />
                              <Button
                                look="quiet"
                                aria-label={text("admin.changeOf", { name: one.name })}
                                onClick={() => setOpen(at)}
                              >
                                {text("admin.change")}
                              </Button>
                              <Button
                                look="danger"
                                aria-label={text("admin.removeOf", { name: one.name })}
                                onClick={() => put.mutate(policies.filter((other) => other !== one))}
                              >
                                {text("admin.remove")}
                              </Button>
                            </span>
                          )}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              <p className="section__body soft small">{text("admin.firstHolds")}</p>
            </>
          )
        }
      </Loaded>
      {open !== undefined && (
        <DuePolicyDialog
          of={held[open]}
          busy={put.isPending}
          problem={put.error}
          onSave={(policy) => put.mutate([...held.slice(0, open), policy, ...held.slice(open + 1)])}
          onAgain={again}
          onClose={() => {
            put.reset();
            setOpen(undefined);
          }}
        />
      )}
    </Section>
  );
}

/** The policies with one a place earlier. */
function moved(policies: readonly DuePolicy[], at: number): DuePolicy[] {
  const next = [...policies];
  const [one] = next.splice(at, 1);
  if (one !== undefined) next.splice(at - 1, 0, one);
  return next;
}

function fits({ kind, reason, min_amount: least, currency }: DuePolicy): string {
  const words = [
    kind && textOf("kind", kind),
    reason && textOf("reason", reason),
    least && text("admin.from", { amount: least }),
    currency,
  ];
  return words.filter(Boolean).join(" · ") || text("admin.any");
}

function calendarText({ calendar }: DuePolicy): string {
  const words = [textOf("calendar", calendar?.name ?? "weekends")];
  const closed = calendar?.closed ?? [];
  const holidays = calendar?.holidays ?? [];
  if (closed.length > 0) words.push(closed.map((day) => textOf("weekday", day)).join(", "));
  if (holidays.length > 0) words.push(text("admin.holidaysOf", { n: holidays.length }));
  return words.join(" · ");
}
