import type { LinkProps } from "@tanstack/react-router";
import type { ActionId } from "@/hotkeys/actions";
import type { PlainKey } from "@/texts/text";
import type { IconName } from "@/ui/Icon";

export interface Place {
  to: NonNullable<LinkProps["to"]>;
  /** Addresses below which the place is lit. */
  lit: RegExp;
  label: PlainKey;
  icon: IconName;
  action: ActionId;
  /** Who has none of these permissions does not see the place. */
  needs: readonly string[];
}

/** The pages of the rail, from the top. */
export const PLACES: readonly Place[] = [
  {
    to: "/",
    lit: /^\/($|recons\/[^/]+\/breaks)/,
    label: "shell.work",
    icon: "work",
    action: "go.work",
    needs: ["breaks.read"],
  },
  {
    to: "/check",
    lit: /^\/check/,
    label: "shell.check",
    icon: "check",
    action: "go.check",
    needs: ["breaks.approve", "rules.approve", "recons.approve", "connections.approve"],
  },
  {
    to: "/runs",
    lit: /^\/(recons\/[^/]+\/)?runs/,
    label: "shell.runs",
    icon: "runs",
    action: "go.runs",
    needs: ["runs.read"],
  },
  {
    to: "/recons",
    lit: /^\/recons(\/[^/]+(\/edit)?)?$/,
    label: "shell.recons",
    icon: "recons",
    action: "go.recons",
    needs: ["recons.read"],
  },
  {
    to: "/dashboard",
    lit: /^\/dashboard/,
    label: "shell.dashboard",
    icon: "dashboard",
    action: "go.dashboard",
    needs: ["statistics.read"],
  },
  {
    to: "/administration",
    lit: /^\/administration/,
    label: "shell.administration",
    icon: "administration",
    action: "go.administration",
    needs: ["users.read", "keys.own", "jobs.read", "audit.read"],
  },
];
