import type { ComponentProps, ReactNode } from "react";
import type { ActionId } from "@/hotkeys/actions";
import { classes } from "@/lib/classes";
import { Icon, type IconName } from "./Icon";
import { Kbd } from "./Kbd";

type Native = Omit<ComponentProps<"button">, "children" | "type">;

interface ButtonProps extends Native {
  children: ReactNode;
  /** One `main` per view; `danger` only for what cannot be undone or throws away. */
  look?: "main" | "plain" | "quiet" | "danger" | undefined;
  icon?: IconName | undefined;
  /** Shows the key that does the same. */
  action?: ActionId | undefined;
  busy?: boolean | undefined;
  submit?: boolean | undefined;
}

/** A button with words. */
export function Button(props: ButtonProps) {
  const {
    children,
    look = "plain",
    icon,
    action,
    busy = false,
    submit = false,
    className,
    disabled,
    ...rest
  } = props;
  return (
    <button
      {...rest}
      type={submit ? "submit" : "button"}
      className={classes("button", `button--${look}`, busy && "button--busy", className)}
      disabled={disabled === true || busy}
      aria-busy={busy || undefined}
    >
      {icon !== undefined && <Icon name={icon} />}
      <span>{children}</span>
      {action !== undefined && <Kbd action={action} />}
    </button>
  );
}

interface IconButtonProps extends Native {
  icon: IconName;
  /** What it does: read aloud, and shown when pointed at. */
  label: string;
  pressed?: boolean | undefined;
}

/** A button with a drawing only; its words are its name and its tip. */
export function IconButton({ icon, label, pressed, className, ...rest }: IconButtonProps) {
  return (
    <button
      {...rest}
      type="button"
      className={classes("button", "button--quiet", "button--icon", className)}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
    >
      <Icon name={icon} />
    </button>
  );
}
