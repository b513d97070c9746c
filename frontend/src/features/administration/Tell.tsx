import { text, textOf } from "@/texts/text";
import { Button, IconButton } from "@/ui/Button";
import { SelectField, TextField } from "@/ui/Field";
import type { Told } from "./queries";

const KINDS = ["person", "group", "email", "webhook"] as const;

/** Who is told of what is overdue, one line each. */
export function Tell({ tell, onTell }: { tell: readonly Told[]; onTell: (tell: readonly Told[]) => void }) {
  const put = (at: number, one: Told) => onTell(tell.map((other, place) => (place === at ? one : other)));
  return (
    <fieldset className="admin__tell">
      <legend>{text("admin.toldOverdue")}</legend>
      {tell.map((one, at) => (
        // Lines have no name of their own; they are only added at the end and taken out whole.
        <div key={at} className="admin__line">
          <SelectField
            label={text("admin.tellKind")}
            value={one.kind}
            onChange={(event) =>
              put(at, { ...one, kind: KINDS.find((kind) => kind === event.target.value) ?? "person" })
            }
            choices={KINDS.map((kind) => ({ value: kind, label: textOf("tell", kind) }))}
          />
          <TextField
            label={text("admin.tellName")}
            required
            value={one.name}
            onChange={(event) => put(at, { ...one, name: event.target.value })}
          />
          <IconButton
            icon="close"
            label={text("admin.removeOf", { name: one.name })}
            onClick={() => onTell(tell.filter((other) => other !== one))}
          />
        </div>
      ))}
      <div className="row">
        <Button icon="plus" onClick={() => onTell([...tell, { kind: "person", name: "" }])}>
          {text("admin.tellMore")}
        </Button>
      </div>
    </fieldset>
  );
}
