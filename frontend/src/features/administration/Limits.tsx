import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { useMay } from "@/features/session/session";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { SelectField, TextField } from "@/ui/Field";
import { Section } from "@/ui/Page";
import { Empty, Loaded } from "@/ui/states";
import { Money } from "@/ui/values";
import { FormDialog } from "./FormDialog";
import { limitsQuery, type ReviewLimit } from "./queries";
import { refused } from "./refused";

/** Above which amounts two persons must approve. */
export function Limits({ recon }: { recon: string }) {
  const may = useMay();
  const client = useQueryClient();
  const query = useQuery(limitsQuery(recon));
  const [open, setOpen] = useState<ReviewLimit | "new">();
  const again = () => void client.invalidateQueries({ queryKey: ["policies", recon, "limits"] });
  const put = useMutation({
    mutationFn: (limits: readonly ReviewLimit[]) =>
      answer(
        api.PUT("/api/v1/recons/{recon}/review-policy", {
          params: { path: { recon } },
          body: { limits: [...limits], revision: query.data?.revision ?? "" },
        }),
      ),
    onSuccess: () => {
      setOpen(undefined);
      again();
    },
    onError: (problem) => open === undefined && refused(problem, again),
  });
  const manages = may("policies.manage");
  const present = query.data?.limits ?? [];
  return (
    <Section
      title={text("admin.limits")}
      actions={
        manages && (
          <Button icon="plus" onClick={() => setOpen("new")}>
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
                {limits.map((one) => {
                  const name = one.currency ?? text("admin.anyCurrency");
                  return (
                    <tr key={one.currency}>
                      <td>{name}</td>
                      <td className="number">
                        <Money amount={one.limit} />
                      </td>
                      <td>{one.eyes}</td>
                      <td>
                        {manages && (
                          <span className="admin__do">
                            <Button
                              look="quiet"
                              aria-label={text("admin.changeOf", { name })}
                              onClick={() => setOpen(one)}
                            >
                              {text("admin.change")}
                            </Button>
                            <Button
                              look="danger"
                              aria-label={text("admin.removeOf", { name })}
                              onClick={() => put.mutate(limits.filter((other) => other !== one))}
                            >
                              {text("admin.remove")}
                            </Button>
                          </span>
                        )}
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          )
        }
      </Loaded>
      {open !== undefined && (
        <LimitDialog
          of={open === "new" ? undefined : open}
          present={present}
          put={put}
          onClose={() => setOpen(undefined)}
          onAgain={again}
        />
      )}
    </Section>
  );
}

interface LimitDialogProps {
  of: ReviewLimit | undefined;
  present: readonly ReviewLimit[];
  put: {
    mutate: (limits: readonly ReviewLimit[]) => void;
    isPending: boolean;
    error: Parameters<typeof FormDialog>[0]["problem"];
  };
  onClose: () => void;
  onAgain: () => void;
}

function LimitDialog({ of, present, put, onClose, onAgain }: LimitDialogProps) {
  const [given, setGiven] = useState({
    currency: of?.currency ?? "",
    limit: of?.limit ?? "",
    eyes: of?.eyes ?? 6,
  });
  const currency = given.currency.trim() === "" ? null : given.currency.trim();
  return (
    <FormDialog
      title={text("admin.addLimit")}
      send={text("kit.save")}
      busy={put.isPending}
      problem={put.error}
      onClose={onClose}
      onAgain={onAgain}
      onSend={() =>
        put.mutate([
          ...present.filter((one) => one !== of && (one.currency ?? null) !== currency),
          { currency, limit: given.limit.trim(), eyes: given.eyes },
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
      <SelectField
        label={text("admin.eyes")}
        hint={text("admin.eyesHint")}
        value={String(given.eyes)}
        onChange={(event) => setGiven({ ...given, eyes: event.target.value === "4" ? 4 : 6 })}
        choices={[
          { value: "6", label: text("admin.eyes6") },
          { value: "4", label: text("admin.eyes4") },
        ]}
      />
    </FormDialog>
  );
}
