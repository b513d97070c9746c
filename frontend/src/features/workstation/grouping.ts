import type { Change, WorkstationSearch } from "./address";
import { changed } from "./address";
import type { CauseLine, Facets } from "./detail";

type Holder = Facets["assignee"][number];

const GROUP = "group:";
const NOBODY = "nobody:";

/** The name of a heading in the address; a cause and a group of the unexplained are told apart. */
export function idOfCause(cause: CauseLine): string {
  return cause.explains ? cause.cause_id : `${GROUP}${cause.cause_id}`;
}

export function idOfHolder({ assignee, group }: Holder): string {
  return assignee ?? (group === null ? NOBODY : `${GROUP}${group}`);
}

/** In a grouped list the rows are those of the open heading: the address with what the heading adds to the filter. */
export function withinGroup(search: WorkstationSearch): WorkstationSearch {
  const { by, open } = search;
  if (by === "age") return changed(search, { sort: "first_date" });
  if (by === undefined || open === undefined) return search;
  return changed(search, addition(by, open));
}

function addition(by: "cause" | "field" | "reason" | "assignee", open: string): Change {
  const group = open.startsWith(GROUP) ? open.slice(GROUP.length) : undefined;
  if (by === "cause") return group === undefined ? { cause: open } : { group };
  if (by === "field") return { field: [open] };
  if (by === "reason") return { reason: [open] };
  if (open === NOBODY) return { assigned: "false" };
  return group === undefined ? { assignee: open } : { assigned_group: group };
}
