import { administration } from "./administration";
import { assigning } from "./assigning";
import { checker } from "./checker";
import { codes } from "./codes";
import { dashboard } from "./dashboard";
import { filters } from "./filters";
import { kit } from "./kit";
import { recons } from "./recons";
import { runs } from "./runs";
import { session } from "./session";
import { shell } from "./shell";
import { workstation } from "./workstation";

/** Every text of the user interface, in English. One file per page; keys begin with the page's name. */
export const catalogue = {
  ...codes,
  ...kit,
  ...shell,
  ...session,
  ...workstation,
  ...filters,
  ...assigning,
  ...checker,
  ...dashboard,
  ...administration,
  ...runs,
  ...recons,
} as const;

export type TextKey = keyof typeof catalogue;
