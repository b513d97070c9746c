import { text } from "@/texts/text";
import { SelectField, TextField } from "@/ui/Field";
import type { SourceDraft } from "./draft";

const FORMATS = ["csv", "parquet", "json", "jsonl", "excel", "fixed", "xml", "arrow"] as const;

interface SourceOptionsProps {
  source: SourceDraft;
  onChange: (change: Partial<SourceDraft>) => void;
}

/** How a file is written, for what cannot be seen from it. */
export function SourceOptions({ source, onChange }: SourceOptionsProps) {
  const found = text("draft.found");
  return (
    <details>
      <summary>{text("draft.options")}</summary>
      <div className="draft__options">
        <SelectField
          label={text("draft.format")}
          value={source.format}
          choices={[
            { value: "", label: text("draft.byExtension") },
            ...FORMATS.map((format) => ({ value: format, label: format })),
          ]}
          onChange={({ target }) => onChange({ format: target.value })}
        />
        <TextField
          label={text("draft.delimiter")}
          placeholder={found}
          maxLength={4}
          value={source.delimiter}
          onChange={({ target }) => onChange({ delimiter: target.value })}
        />
        <TextField
          label={text("draft.encoding")}
          placeholder={found}
          value={source.encoding}
          onChange={({ target }) => onChange({ encoding: target.value })}
        />
        <TextField
          label={text("draft.sheet")}
          placeholder={found}
          value={source.sheet}
          onChange={({ target }) => onChange({ sheet: target.value })}
        />
        <TextField
          label={text("draft.skipRows")}
          type="number"
          min={0}
          max={10_000}
          placeholder="0"
          value={source.skipRows}
          onChange={({ target }) => onChange({ skipRows: target.value })}
        />
      </div>
    </details>
  );
}
