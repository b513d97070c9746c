import { useState } from "react";
import { text } from "@/texts/text";
import { Button, IconButton } from "@/ui/Button";
import { SelectField, TextField } from "@/ui/Field";
import { type CheckDraft, type CheckKind, CHECKS } from "./draft";

interface ChecksProps {
  fields: readonly string[];
  checks: readonly CheckDraft[];
  onChange: (checks: readonly CheckDraft[]) => void;
}

/** What must hold of the values that would be stored. */
export function Checks({ fields, checks, onChange }: ChecksProps) {
  const fresh: CheckDraft = {
    kind: "not_null",
    field: fields[0] ?? "",
    min: "",
    max: "",
    values: "",
    pattern: "",
  };
  const [made, setMade] = useState(fresh);
  const field = fields.includes(made.field) ? made.field : (fields[0] ?? "");
  const set = (part: Partial<CheckDraft>) => setMade({ ...made, field, ...part });
  const complete =
    (made.kind !== "range" || made.min !== "" || made.max !== "") &&
    (made.kind !== "allowed" || made.values.trim() !== "") &&
    (made.kind !== "matches" || made.pattern !== "");
  return (
    <fieldset className="draft__checks">
      <legend>{text("draft.checks")}</legend>
      {checks.length === 0 && <p className="soft small">{text("draft.noChecks")}</p>}
      <ul>
        {checks.map((check, at) => (
          <li key={at} className="row">
            <span>{said(check)}</span>
            <IconButton
              icon="close"
              label={text("draft.removeCheck", { check: said(check) })}
              onClick={() => onChange(checks.filter((_, place) => place !== at))}
            />
          </li>
        ))}
      </ul>
      <div className="draft__pairing">
        <SelectField
          label={text("draft.checkField")}
          value={field}
          choices={fields.map((name) => ({ value: name, label: name }))}
          onChange={({ target }) => set({ field: target.value })}
        />
        <SelectField
          label={text("draft.checkKind")}
          value={made.kind}
          choices={CHECKS.map((kind) => ({ value: kind, label: text(`checkKind.${kind}`) }))}
          onChange={({ target }) => set({ kind: target.value as CheckKind })}
        />
        {made.kind === "range" &&
          (["min", "max"] as const).map((name) => (
            <TextField
              key={name}
              label={text(`draft.${name}`)}
              value={made[name]}
              onChange={({ target }) => set({ [name]: target.value })}
            />
          ))}
        {made.kind === "allowed" && (
          <TextField
            label={text("draft.values")}
            placeholder={text("draft.valuesHint")}
            value={made.values}
            onChange={({ target }) => set({ values: target.value })}
          />
        )}
        {made.kind === "matches" && (
          <TextField
            label={text("draft.pattern")}
            value={made.pattern}
            onChange={({ target }) => set({ pattern: target.value })}
          />
        )}
        <Button
          icon="plus"
          disabled={!complete || field === ""}
          onClick={() => {
            onChange([...checks, { ...made, field }]);
            setMade({ ...fresh, field });
          }}
        >
          {text("draft.addCheck")}
        </Button>
      </div>
    </fieldset>
  );
}

/** A check in words. */
function said(check: CheckDraft): string {
  const words = `${check.field} ${text(`checkKind.${check.kind}`)}`;
  if (check.kind === "range") return `${words} ${check.min || "−∞"} … ${check.max || "∞"}`;
  if (check.kind === "allowed") return `${words} ${check.values}`;
  return check.kind === "matches" ? `${words} ${check.pattern}` : words;
}
