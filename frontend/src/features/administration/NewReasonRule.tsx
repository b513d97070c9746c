import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { answer, api } from "@/api/client";
import type { components } from "@/api/schema";
import { text, textOf } from "@/texts/text";
import { SelectField, TextField } from "@/ui/Field";
import { FormDialog } from "./FormDialog";

export const RULE_KINDS = ["value", "only_a", "only_b", "duplicate_a", "duplicate_b"] as const;
const WHOLE = { either: null, yes: true, no: false } as const;

interface NewReasonRuleProps {
  recon: string;
  used: components["schemas"]["ReasonsInRecon"];
  onDone: () => void;
  onClose: () => void;
}

/** Causes of some terms have a reason from the next run on; a rule of the same terms is replaced. */
export function NewReasonRule({ recon, used, onDone, onClose }: NewReasonRuleProps) {
  const names = useId();
  const [given, setGiven] = useState({
    reason: "",
    kind: "value",
    family: "",
    field: "",
    column: "",
    whole: "either",
  });
  const at = (name: keyof typeof given) => ({
    value: given[name],
    onChange: (event: { target: { value: string } }) => setGiven({ ...given, [name]: event.target.value }),
  });
  const word = (value: string) => (value.trim() === "" ? null : value.trim());
  const put = useMutation({
    mutationFn: () =>
      answer(
        api.PUT("/api/v1/recons/{recon}/reason-rules", {
          params: { path: { recon } },
          body: {
            reason: given.reason,
            kind: RULE_KINDS.find((one) => one === given.kind) ?? "value",
            family: word(given.family),
            field: word(given.field),
            column: word(given.column),
            whole: given.whole === "yes" || given.whole === "no" ? WHOLE[given.whole] : null,
          },
        }),
      ),
    onSuccess: () => {
      onDone();
      onClose();
    },
  });
  const families = [...new Set(used.rules.map(({ family }) => family).filter((one) => one !== null))].sort();
  return (
    <FormDialog
      title={text("admin.addRule")}
      send={text("kit.save")}
      busy={put.isPending}
      problem={put.error}
      onSend={() => put.mutate()}
      onClose={onClose}
    >
      <SelectField
        label={text("admin.reason")}
        required
        {...at("reason")}
        choices={[
          { value: "", label: text("admin.choose") },
          ...used.items.map(({ code, name }) => ({ value: code, label: name })),
        ]}
      />
      <div className="admin__pair">
        <SelectField
          label={text("admin.kindOfBreak")}
          {...at("kind")}
          choices={RULE_KINDS.map((one) => ({ value: one, label: textOf("kind", one) }))}
        />
        <TextField label={text("admin.family")} list={names} autoComplete="off" {...at("family")} />
        <TextField label={text("admin.field")} autoComplete="off" {...at("field")} />
        <TextField label={text("admin.column")} autoComplete="off" {...at("column")} />
      </div>
      <SelectField
        label={text("admin.whole")}
        hint={text("admin.wholeHint")}
        {...at("whole")}
        choices={[
          { value: "either", label: text("admin.either") },
          { value: "yes", label: text("admin.yes") },
          { value: "no", label: text("admin.no") },
        ]}
      />
      <p className="faint small">{text("admin.ruleHint")}</p>
      <datalist id={names}>
        {families.map((family) => (
          <option key={family} value={family} />
        ))}
      </datalist>
    </FormDialog>
  );
}
