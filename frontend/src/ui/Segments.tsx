import type { Choice } from "./Field";

interface SegmentsProps {
  label: string;
  /** Shows the label above; else the place says it to the eye. */
  labelled?: boolean;
  choices: readonly Choice[];
  value: string;
  onChange: (value: string) => void;
}

/** A few choices side by side, one of them taken. */
export function Segments({ label, labelled = false, choices, value, onChange }: SegmentsProps) {
  const buttons = (
    <div className="segments" role="group" aria-label={label}>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          className="segments__one"
          aria-pressed={choice.value === value}
          onClick={() => onChange(choice.value)}
        >
          {choice.label}
        </button>
      ))}
    </div>
  );
  if (!labelled) return buttons;
  return (
    <div className="field">
      <span className="field__label" aria-hidden="true">
        {label}
      </span>
      {buttons}
    </div>
  );
}
