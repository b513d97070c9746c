import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { reconsQuery } from "@/features/session/recons";
import { useMay } from "@/features/session/session";
import { text, textOf } from "@/texts/text";
import { Button } from "@/ui/Button";
import { SelectField, TextField } from "@/ui/Field";
import { Section } from "@/ui/Page";
import { Empty, Loaded } from "@/ui/states";
import { Money } from "@/ui/values";
import type { AdministrationSearch, Change } from "./address";
import { FormDialog } from "./FormDialog";
import { dueQuery, limitsQuery } from "./queries";

interface PartProps {
  search: AdministrationSearch;
  go: (change: Change) => void;
}

/** Above which amounts six eyes are needed, and until when breaks are to be decided, by recon. */
export function Policies({ search, go }: PartProps) {
  const recons = useQuery(reconsQuery);
  const recon = search.recon ?? recons.data?.[0]?.name;
  if (recon === undefined)
    return <Loaded query={recons}>{() => <Empty title={text("admin.noRecons")} />}</Loaded>;
  return (
    <>
      <SelectField
        label={text("admin.recon")}
        value={recon}
        onChange={(event) => go({ recon: event.target.value })}
        choices={(recons.data ?? []).map(({ name }) => ({ value: name, label: name }))}
      />
      <Limits recon={recon} />
      <Due recon={recon} />
    </>
  );
}

function Limits({ recon }: { recon: string }) {
  const may = useMay();
  const client = useQueryClient();
  const query = useQuery(limitsQuery(recon));
  const [adding, setAdding] = useState(false);
  const [given, setGiven] = useState({ currency: "", limit: "" });
  const put = useMutation({
    mutationFn: (limits: NonNullable<typeof query.data>["limits"]) =>
      answer(
        api.PUT("/api/v1/recons/{recon}/review-policy", { params: { path: { recon } }, body: { limits } }),
      ),
    onSuccess: () => {
      setAdding(false);
      void client.invalidateQueries({ queryKey: ["policies", recon] });
    },
  });
  const present = query.data?.limits ?? [];
  const currency = given.currency.trim() === "" ? null : given.currency.trim();
  return (
    <Section
      title={text("admin.limits")}
      actions={
        may("policies.manage") && (
          <Button icon="plus" onClick={() => setAdding(true)}>
            {text("admin.addLimit")}
          </Button>
        )
      }
    >
      <Loaded query={query}>
        {({ limits }) =>
          limits.length === 0 ? (
            <Empty title={text("admin.noLimits")}>{text("admin.noLimitsHint")}</Empty>
          ) : (
            <table className="grid-table">
              <thead>
                <tr>
                  <th>{text("admin.currency")}</th>
                  <th className="number">{text("admin.limit")}</th>
                  <th>{text("admin.eyes")}</th>
                  <th>{text("admin.do")}</th>
                </tr>
              </thead>
              <tbody>
                {limits.map((one) => (
                  <tr key={one.currency}>
                    <td>{one.currency ?? text("admin.anyCurrency")}</td>
                    <td className="number">
                      <Money amount={one.limit} />
                    </td>
                    <td>{one.eyes}</td>
                    <td>
                      {may("policies.manage") && (
                        <Button
                          look="danger"
                          onClick={() => put.mutate(limits.filter((other) => other !== one))}
                        >
                          {text("admin.remove")}
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
      {adding && (
        <FormDialog
          title={text("admin.addLimit")}
          send={text("kit.save")}
          busy={put.isPending}
          problem={put.error}
          onClose={() => setAdding(false)}
          onSend={() =>
            put.mutate([
              ...present.filter((one) => (one.currency ?? null) !== currency),
              { currency, limit: given.limit, eyes: 6 },
            ])
          }
        >
          <TextField
            label={text("admin.currency")}
            hint={text("admin.currencyHint")}
            value={given.currency}
            onChange={(event) => setGiven({ ...given, currency: event.target.value })}
          />
          <TextField
            label={text("admin.limit")}
            required
            inputMode="decimal"
            value={given.limit}
            onChange={(event) => setGiven({ ...given, limit: event.target.value })}
          />
        </FormDialog>
      )}
    </Section>
  );
}

function Due({ recon }: { recon: string }) {
  const query = useQuery(dueQuery(recon));
  return (
    <Section title={text("admin.due")}>
      <Loaded query={query}>
        {({ policies }) =>
          policies.length === 0 ? (
            <Empty title={text("admin.noDue")} />
          ) : (
            <table className="grid-table">
              <thead>
                <tr>
                  <th>{text("admin.name")}</th>
                  <th>{text("admin.fits")}</th>
                  <th>{text("admin.until")}</th>
                  <th>{text("admin.told")}</th>
                </tr>
              </thead>
              <tbody>
                {policies.map((one) => (
                  <tr key={one.name}>
                    <td>{one.name}</td>
                    <td>
                      {[
                        one.kind && textOf("kind", one.kind),
                        one.reason && textOf("reason", one.reason),
                        one.min_amount && text("admin.from", { amount: one.min_amount }),
                        one.currency,
                      ]
                        .filter(Boolean)
                        .join(" · ") || text("admin.any")}
                    </td>
                    <td>
                      {text("admin.days", { n: one.business_days, time: one.by_time, zone: one.timezone })}
                    </td>
                    <td>{(one.tell ?? []).map(({ name }) => name).join(", ")}</td>
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
