import { text } from "@/texts/text";
import { SelectField, TextField } from "@/ui/Field";
import { Checks } from "./Checks";
import type { Draft } from "./draft";

const CRONS = ["", "0 6 * * 1-5", "0 6 * * *", "0 18 * * 1-5"] as const;

/** What the amount is, which checks hold, when it runs by itself, where it is stored. */
export function Rules({ draft, setDraft }: { draft: Draft; setDraft: (draft: Draft) => void }) {
  const fields = draft.pairs.map(({ field }) => field);
  const none = { value: "", label: text("draft.noField") };
  const choices = (names: readonly string[]) => [
    none,
    ...names.map((name) => ({ value: name, label: name })),
  ];
  const numeric = draft.pairs
    .filter(({ type }) => /^(decimal|integer|float)/.test(type))
    .map(({ field }) => field);
  return (
    <div className="section__body">
      <div className="draft__options">
        <SelectField
          label={text("draft.amount")}
          hint={text("draft.amountHint")}
          value={draft.amount}
          choices={choices(numeric)}
          onChange={({ target }) => setDraft({ ...draft, amount: target.value })}
        />
        <SelectField
          label={text("draft.currency")}
          value={draft.currency}
          disabled={draft.amount === ""}
          choices={choices([...new Set([...fields, ...draft.context])])}
          onChange={({ target }) => setDraft({ ...draft, currency: target.value })}
        />
        <SelectField
          label={text("draft.population")}
          value={draft.population}
          choices={[
            { value: "full", label: text("draft.full") },
            { value: "flow", label: text("draft.flow") },
          ]}
          onChange={({ target }) =>
            setDraft({ ...draft, population: target.value === "flow" ? "flow" : "full" })
          }
        />
        <TextField
          label={text("draft.store")}
          hint={text("draft.storeHint")}
          value={draft.table}
          onChange={({ target }) => setDraft({ ...draft, table: target.value })}
        />
        <TextField
          label={text("draft.cron")}
          hint={text("schedule.cronHint")}
          placeholder={text("draft.cronNever")}
          list="draft-crons"
          value={draft.cron}
          onChange={({ target }) => setDraft({ ...draft, cron: target.value })}
        />
        <TextField
          label={text("schedule.timezone")}
          value={draft.timezone}
          disabled={draft.cron.trim() === ""}
          onChange={({ target }) => setDraft({ ...draft, timezone: target.value })}
        />
      </div>
      <datalist id="draft-crons">
        {CRONS.filter((one) => one !== "").map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <Checks fields={fields} checks={draft.checks} onChange={(checks) => setDraft({ ...draft, checks })} />
    </div>
  );
}
