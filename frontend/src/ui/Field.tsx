import { type ComponentProps, type ReactNode, useId } from "react";
import { classes } from "@/lib/classes";

interface Shared {
  label: string;
  /** What to enter, when the label does not say it all. */
  hint?: string | undefined;
  error?: string | undefined;
  /** Keeps the label for screen readers only, where the place says it to the eye. */
  hideLabel?: boolean | undefined;
}

interface FrameProps extends Shared {
  id: string;
  children: ReactNode;
}

function Frame({ id, label, hint, error, hideLabel = false, children }: FrameProps) {
  return (
    <div className="field">
      <label className={classes("field__label", hideLabel && "visually-hidden")} htmlFor={id}>
        {label}
      </label>
      {children}
      {hint !== undefined && (
        <p className="field__hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p className="field__error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

function described(id: string, { hint, error }: Shared) {
  const ids = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(
    (one) => one !== false,
  );
  return {
    "aria-describedby": ids.length > 0 ? ids.join(" ") : undefined,
    "aria-invalid": error !== undefined || undefined,
  };
}

/** A line of text with its label. */
export function TextField({
  label,
  hint,
  error,
  hideLabel,
  className,
  ...rest
}: Shared & ComponentProps<"input">) {
  const id = useId();
  return (
    <Frame {...{ id, label, hint, error, hideLabel }}>
      <input
        type="text"
        {...rest}
        id={id}
        className={classes("input", className)}
        {...described(id, { label, hint, error })}
      />
    </Frame>
  );
}

/** Several lines of text with their label. */
export function TextArea({
  label,
  hint,
  error,
  hideLabel,
  className,
  ...rest
}: Shared & ComponentProps<"textarea">) {
  const id = useId();
  return (
    <Frame {...{ id, label, hint, error, hideLabel }}>
      <textarea
        rows={3}
        {...rest}
        id={id}
        className={classes("input", className)}
        {...described(id, { label, hint, error })}
      />
    </Frame>
  );
}

export interface Choice {
  value: string;
  label: string;
}

/** One of some choices; the browser's own list, which works everywhere. */
export function SelectField({
  label,
  hint,
  error,
  hideLabel,
  choices,
  className,
  ...rest
}: Shared & ComponentProps<"select"> & { choices: readonly Choice[] }) {
  const id = useId();
  return (
    <Frame {...{ id, label, hint, error, hideLabel }}>
      <select
        {...rest}
        id={id}
        className={classes("input", className)}
        {...described(id, { label, hint, error })}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </Frame>
  );
}

/** A box to tick, with its words. */
export function Checkbox({
  label,
  className,
  ...rest
}: { label: string } & Omit<ComponentProps<"input">, "type">) {
  return (
    <label className={classes("tick", className)}>
      <input type="checkbox" {...rest} />
      <span>{label}</span>
    </label>
  );
}
