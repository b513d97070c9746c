import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { Problem } from "@/api/problem";
import { text, textOf } from "@/texts/text";
import { Checkbox, SelectField, TextArea, TextField } from "@/ui/Field";
import { FormDialog } from "./FormDialog";
import { type DuePolicy, reasonsQuery, type Told } from "./queries";
import { Tell } from "./Tell";

const KINDS = ["value", "only_a", "only_b", "duplicate_a", "duplicate_b", "check"] as const;
const CALENDARS = ["weekends", "every_day", "target"] as const;
const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

interface DuePolicyDialogProps {
  of: DuePolicy | undefined;
  busy: boolean;
  problem: Problem | null;
  onSave: (policy: DuePolicy) => void;
  onAgain: () => void;
  onClose: () => void;
}

/** A due policy: which breaks it fits, until when they are to be decided, and who is told when they were not. */
export function DuePolicyDialog(props: DuePolicyDialogProps) {
  const { of, busy, problem, onSave, onAgain, onClose } = props;
  const reasons = useQuery(reasonsQuery);
  const zones = useId();
  const [given, setGiven] = useState({
    name: of?.name ?? "",
    kind: of?.kind ?? "",
    reason: of?.reason ?? "",
    least: of?.min_amount ?? "",
    currency: of?.currency ?? "",
    days: String(of?.business_days ?? 2),
    time: of?.by_time ?? "17:00",
    zone: of?.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    calendar: of?.calendar?.name ?? "weekends",
    holidays: (of?.calendar?.holidays ?? []).join(", "),
  });
  const [closed, setClosed] = useState<readonly (typeof WEEKDAYS)[number][]>(of?.calendar?.closed ?? []);
  const [tell, setTell] = useState<readonly Told[]>(of?.tell ?? []);
  const at = (name: keyof typeof given) => ({
    value: given[name],
    onChange: (event: { target: { value: string } }) => setGiven({ ...given, [name]: event.target.value }),
  });
  const save = () =>
    onSave({
      name: given.name.trim(),
      kind: KINDS.find((one) => one === given.kind) ?? null,
      reason: given.reason === "" ? null : given.reason,
      min_amount: given.least.trim() === "" ? null : given.least.trim(),
      currency: given.currency.trim() === "" ? null : given.currency.trim(),
      business_days: Number(given.days),
      by_time: given.time,
      timezone: given.zone.trim(),
      calendar: {
        name: CALENDARS.find((one) => one === given.calendar) ?? "weekends",
        closed: [...closed],
        holidays: given.holidays.split(/[\s,;]+/u).filter((day) => day !== ""),
      },
      tell: tell.map(({ kind, name }) => ({ kind, name: name.trim() })),
    });
  return (
    <FormDialog
      wide
      title={of === undefined ? text("admin.addDue") : text("admin.changeOf", { name: of.name })}
      send={text("kit.save")}
      busy={busy}
      problem={problem}
      onSend={save}
      onClose={onClose}
      onAgain={onAgain}
    >
      <TextField label={text("admin.name")} required maxLength={200} {...at("name")} />
      <fieldset className="admin__set">
        <legend>{text("admin.whichBreaks")}</legend>
        <SelectField
          label={text("admin.kindOfBreak")}
          {...at("kind")}
          choices={[
            { value: "", label: text("admin.any") },
            ...KINDS.map((one) => ({ value: one, label: textOf("kind", one) })),
          ]}
        />
        <SelectField
          label={text("admin.reason")}
          {...at("reason")}
          choices={[
            { value: "", label: text("admin.any") },
            ...(reasons.data?.items ?? []).map(({ code, name }) => ({ value: code, label: name })),
          ]}
        />
        <TextField label={text("admin.least")} inputMode="decimal" {...at("least")} />
        <TextField label={text("admin.currency")} {...at("currency")} />
      </fieldset>
      <fieldset className="admin__set">
        <legend>{text("admin.untilWhen")}</legend>
        <TextField
          label={text("admin.businessDays")}
          hint={text("admin.businessDaysHint")}
          type="number"
          min={0}
          max={3660}
          required
          {...at("days")}
        />
        <TextField label={text("admin.byTime")} type="time" required {...at("time")} />
        <TextField label={text("admin.timezone")} required list={zones} {...at("zone")} />
        <SelectField
          label={text("admin.calendar")}
          {...at("calendar")}
          choices={CALENDARS.map((one) => ({ value: one, label: textOf("calendar", one) }))}
        />
        <datalist id={zones}>
          {Intl.supportedValuesOf("timeZone").map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
      </fieldset>
      <fieldset className="admin__ticks admin__ticks--days">
        <legend>{text("admin.closed")}</legend>
        {WEEKDAYS.map((day) => (
          <Checkbox
            key={day}
            label={textOf("weekday", day)}
            checked={closed.includes(day)}
            onChange={(event) =>
              setClosed(event.target.checked ? [...closed, day] : closed.filter((one) => one !== day))
            }
          />
        ))}
      </fieldset>
      <TextArea
        label={text("admin.holidays")}
        hint={text("admin.holidaysHint")}
        rows={2}
        {...at("holidays")}
      />
      <Tell tell={tell} onTell={setTell} />
    </FormDialog>
  );
}
