import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { reconsQuery } from "@/features/session/recons";
import { useMay } from "@/features/session/session";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { SelectField, TextField } from "@/ui/Field";
import { Section } from "@/ui/Page";
import { Loaded } from "@/ui/states";
import type { AdministrationSearch, Change } from "./address";
import { FormDialog } from "./FormDialog";
import { ReasonRules } from "./ReasonRules";
import { reasonsQuery } from "./queries";

const FUNCTIONAL = { yes: true, no: false, unknown: null } as const;

/** Why breaks happen, in the words of the business. */
export function Reasons({ search, go }: { search: AdministrationSearch; go: (change: Change) => void }) {
  const recons = useQuery(reconsQuery);
  const recon = search.recon ?? recons.data?.[0]?.name;
  return (
    <>
      <OwnReasons />
      {recon !== undefined && (
        <>
          <SelectField
            label={text("admin.recon")}
            value={recon}
            onChange={(event) => go({ recon: event.target.value })}
            choices={(recons.data ?? []).map(({ name }) => ({ value: name, label: name }))}
          />
          <ReasonRules key={recon} recon={recon} />
        </>
      )}
    </>
  );
}

function OwnReasons() {
  const may = useMay();
  const query = useQuery(reasonsQuery);
  const [adding, setAdding] = useState(false);
  return (
    <Section
      title={text("admin.tab.reasons")}
      actions={
        may("reasons.manage") && (
          <Button icon="plus" onClick={() => setAdding(true)}>
            {text("admin.addReason")}
          </Button>
        )
      }
    >
      <Loaded query={query}>
        {({ items }) => (
          <table className="grid-table">
            <thead>
              <tr>
                <th>{text("admin.code")}</th>
                <th>{text("admin.name")}</th>
                <th>{text("admin.functional")}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((one) => (
                <tr key={one.code}>
                  <td className="raw">{one.code}</td>
                  <td>{one.name}</td>
                  <td>
                    {text(
                      one.functional === null ? "admin.unknown" : one.functional ? "admin.yes" : "admin.no",
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
      {adding && <NewReason onClose={() => setAdding(false)} />}
    </Section>
  );
}

function NewReason({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [given, setGiven] = useState({
    code: "",
    name: "",
    functional: "unknown" as keyof typeof FUNCTIONAL,
  });
  const add = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/reasons", {
          body: { code: given.code, name: given.name, functional: FUNCTIONAL[given.functional] },
        }),
      ),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["reasons"] });
      onClose();
    },
  });
  return (
    <FormDialog
      title={text("admin.addReason")}
      send={text("admin.add")}
      busy={add.isPending}
      problem={add.error}
      onSend={() => add.mutate()}
      onClose={onClose}
    >
      <TextField
        label={text("admin.code")}
        hint={text("admin.codeHint")}
        required
        value={given.code}
        onChange={(event) => setGiven({ ...given, code: event.target.value.toUpperCase() })}
      />
      <TextField
        label={text("admin.name")}
        required
        value={given.name}
        onChange={(event) => setGiven({ ...given, name: event.target.value })}
      />
      <SelectField
        label={text("admin.functional")}
        hint={text("admin.functionalHint")}
        value={given.functional}
        onChange={(event) =>
          setGiven({ ...given, functional: event.target.value as keyof typeof FUNCTIONAL })
        }
        choices={[
          { value: "unknown", label: text("admin.unknown") },
          { value: "yes", label: text("admin.yes") },
          { value: "no", label: text("admin.no") },
        ]}
      />
    </FormDialog>
  );
}
