import { codes } from "./codes";
import { kit } from "./kit";
import { session } from "./session";
import { shell } from "./shell";
import { workstation } from "./workstation";

/** Every text of the user interface, in English. One file per page; keys begin with the page's name. */
export const catalogue = { ...codes, ...kit, ...shell, ...session, ...workstation } as const;

export type TextKey = keyof typeof catalogue;
