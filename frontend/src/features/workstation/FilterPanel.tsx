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

const NO_DUE: Change = {
  overdue: undefined,
  has_due: undefined,
  due_within_days: undefined,
  due_after_days: undefined,
};
/** The same choices as the figures about due times. */
const DUE: Partial<Record<string, Change>> = {
  overdue: { overdue: "true" },
  within_a_day: { due_after_days: 0, due_within_days: 1 },
  within_a_week: { due_after_days: 1, due_within_days: 7 },
  later: { due_after_days: 7 },
  without: { has_due: "false" },
};
const DUE_FILTERS = ["overdue", "has_due", "due_within_days", "due_after_days"] as const;

/** Which of the choices the address says; `kept` where it says something else of due times. */
function dueOf(search: WorkstationSearch): string {
  if (DUE_FILTERS.every((name) => search[name] === undefined)) return "";
  const fits = ([, change]: [string, Change | undefined]) =>
    DUE_FILTERS.every((name) => search[name] === change?.[name]);
  return Object.entries(DUE).find(fits)?.[0] ?? "kept";
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
  const due = dueOf(search);
  const [kinds, setKinds] = useState<readonly string[]>(search.kind ?? []);
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = (name: string) => {
      const value = form.get(name);
      return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
    };
    const whole = (name: string) => {
      const number = Number.parseInt(given(name) ?? "", 10);
      return Number.isNaN(number) ? undefined : number;
    };
    const field = given("field");
    const nobody = form.get("nobody") !== null;
    const rest = (search.without ?? []).filter((one) => one !== "assignee" && one !== "assigned_group");
    const without = nobody ? (["assignee", "assigned_group", ...rest] as const) : rest;
    const change = {
      kind: kinds.length > 0 ? [...kinds] : undefined,
      field: field === undefined ? undefined : [field],
      min_amount: given("min_amount"),
      max_amount: given("max_amount"),
      currency: given("currency")?.split(/[\s,]+/u),
      older_than_days: whole("older_than_days"),
      younger_than_days: whole("younger_than_days"),
      // Left as it was, what the address says of due times stays: it may say more than the choices do.
      ...(given("due") === "kept" ? {} : { ...NO_DUE, ...DUE[given("due") ?? ""] }),
      max_confidence: given("max_confidence"),
      assignee: nobody ? undefined : given("assignee"),
      without: without.length > 0 ? [...without] : undefined,
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
          label={textOf("filter", "max_amount")}
          name="max_amount"
          inputMode="decimal"
          pattern="\d+(\.\d+)?"
          defaultValue={search.max_amount}
        />
      </div>
      <div className="tools__pair">
        <TextField
          label={textOf("filter", "currency")}
          name="currency"
          defaultValue={search.currency?.join(" ")}
        />
        <TextField
          label={textOf("filter", "max_confidence")}
          name="max_confidence"
          inputMode="decimal"
          pattern="0(\.\d+)?|1(\.0+)?"
          defaultValue={search.max_confidence}
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
          label={textOf("filter", "younger_than_days")}
          name="younger_than_days"
          inputMode="numeric"
          pattern="\d+"
          defaultValue={search.younger_than_days}
        />
      </div>
      <div className="tools__pair">
        <SelectField
          label={text("filter.due")}
          name="due"
          defaultValue={due}
          choices={[
            { value: "", label: text("filter.anyDue") },
            ...Object.keys(DUE).map((name) => ({ value: name, label: textOf("due", name) })),
            ...(due === "kept" ? [{ value: "kept", label: text("filter.kept") }] : []),
          ]}
        />
        <TextField label={textOf("filter", "assignee")} name="assignee" defaultValue={search.assignee} />
      </div>
      <Checkbox
        label={text("filter.nobody")}
        name="nobody"
        defaultChecked={search.without?.includes("assignee") === true}
      />
      <Button look="main" submit>
        {text("filter.apply")}
      </Button>
    </form>
  );
}
