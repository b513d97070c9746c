import { type SyntheticEvent, useState } from "react";
import { text, textOf } from "@/texts/text";
import { Button } from "@/ui/Button";
import { Checkbox, SelectField, TextField } from "@/ui/Field";
import { Popover } from "@/ui/Popover";
import type { Change, WorkstationSearch } from "./address";
import { useFields } from "./useGroups";

interface FilterPanelProps {
  recon: string;
  search: WorkstationSearch;
  go: (change: Change) => void;
  open: boolean;
  setOpen: (open: boolean) => void;
}

const KINDS = ["value", "only_a", "only_b", "duplicate_a", "duplicate_b", "check"] as const;

/** Restrictions that need more than a click on a cause or a count. */
export function FilterPanel({ recon, search, go, open, setOpen }: FilterPanelProps) {
  return (
    <Popover
      title={text("filter.title")}
      open={open}
      onOpenChange={setOpen}
      trigger={<Button look="quiet">{text("filter.more")}</Button>}
    >
      {open && <Form recon={recon} search={search} onDone={() => setOpen(false)} go={go} />}
    </Popover>
  );
}

function Form({
  recon,
  search,
  go,
  onDone,
}: Pick<FilterPanelProps, "recon" | "search" | "go"> & { onDone: () => void }) {
  const fields = useFields(recon);
  const [kinds, setKinds] = useState<readonly string[]>(search.kind ?? []);
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = (name: string) => {
      const value = form.get(name);
      return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
    };
    const days = Number.parseInt(given("older_than_days") ?? "", 10);
    const field = given("field");
    const change = {
      kind: kinds.length > 0 ? [...kinds] : undefined,
      field: field === undefined ? undefined : [field],
      min_amount: given("min_amount"),
      currency: given("currency")?.split(/[\s,]+/u),
      older_than_days: Number.isNaN(days) ? undefined : days,
      max_confidence: given("max_confidence"),
      assignee: given("assignee"),
      jump: undefined,
    };
    go(change);
    onDone();
  };
  return (
    <form className="stack" onSubmit={submit}>
      <SelectField
        label={textOf("filter", "field")}
        name="field"
        defaultValue={search.field?.[0] ?? ""}
        choices={[
          { value: "", label: text("filter.any") },
          ...fields.map((field) => ({ value: field, label: field })),
        ]}
      />
      <fieldset className="tools__kinds">
        <legend className="field__label">{textOf("filter", "kind")}</legend>
        {KINDS.map((kind) => (
          <Checkbox
            key={kind}
            label={textOf("kind", kind)}
            checked={kinds.includes(kind)}
            onChange={() =>
              setKinds(kinds.includes(kind) ? kinds.filter((one) => one !== kind) : [...kinds, kind])
            }
          />
        ))}
      </fieldset>
      <div className="tools__pair">
        <TextField
          label={textOf("filter", "min_amount")}
          name="min_amount"
          inputMode="decimal"
          pattern="\d+(\.\d+)?"
          defaultValue={search.min_amount}
        />
        <TextField
          label={textOf("filter", "currency")}
          name="currency"
          defaultValue={search.currency?.join(" ")}
        />
      </div>
      <div className="tools__pair">
        <TextField
          label={textOf("filter", "older_than_days")}
          name="older_than_days"
          inputMode="numeric"
          pattern="\d+"
          defaultValue={search.older_than_days}
        />
        <TextField
          label={textOf("filter", "max_confidence")}
          name="max_confidence"
          inputMode="decimal"
          pattern="0(\.\d+)?|1(\.0+)?"
          defaultValue={search.max_confidence}
        />
      </div>
      <TextField label={textOf("filter", "assignee")} name="assignee" defaultValue={search.assignee} />
      <Button look="main" submit>
        {text("filter.apply")}
      </Button>
    </form>
  );
}
