import { among, many, one, present, whole } from "@/lib/search";

/** What `state` may hold in the address besides states: everything that is present. */
export const EVERY = "all";
/** States that await a maker: what the workstation shows unless the address says otherwise. */
export const OPEN: readonly string[] = ["in_review", "returned"];

export const SORTS = ["first_date", "amount", "confidence", "key", "due"] as const;
export const GROUPINGS = ["cause", "field", "reason", "assignee", "age"] as const;
export const TABS = ["evidence", "history", "similar", "comments", "decisions"] as const;

/** What breaks can be without. */
export const LACKING = ["field", "currency", "assignee", "assigned_group"] as const;

export type Sort = (typeof SORTS)[number];
export type Grouping = (typeof GROUPINGS)[number];

/** Of what breaks are without: named in `without`, or said as the server says it, by an empty text of the filter. */
function lacking(search: Record<string, unknown>): (typeof LACKING)[number][] | undefined {
  const named = many(search, "without") ?? [];
  const found = LACKING.filter((name) => {
    const value = search[name];
    return named.includes(name) || value === "" || (Array.isArray(value) && value.includes(""));
  });
  return found.length > 0 ? found : undefined;
}

const read = (search: Record<string, unknown>) =>
  present({
    /** Which breaks. */
    state: many(search, "state"),
    kind: many(search, "kind"),
    field: many(search, "field"),
    reason: many(search, "reason"),
    cause: one(search, "cause"),
    group: one(search, "group"),
    method: many(search, "method"),
    assignee: one(search, "assignee"),
    assigned_group: one(search, "assigned_group"),
    assigned: among(search, "assigned", ["true", "false"]),
    currency: many(search, "currency"),
    without: lacking(search),
    min_amount: one(search, "min_amount"),
    max_amount: one(search, "max_amount"),
    older_than_days: whole(search, "older_than_days"),
    younger_than_days: whole(search, "younger_than_days"),
    overdue: among(search, "overdue", ["true", "false"]),
    has_due: among(search, "has_due", ["true", "false"]),
    due_within_days: whole(search, "due_within_days"),
    due_after_days: whole(search, "due_after_days"),
    min_confidence: one(search, "min_confidence"),
    max_confidence: one(search, "max_confidence"),
    search: one(search, "search"),
    /** How they stand. */
    sort: among(search, "sort", SORTS),
    down: one(search, "down") === "true" ? (true as const) : undefined,
    by: among(search, "by", GROUPINGS),
    open: one(search, "open"),
    /** Where one is: the break that is open, its tab, the key jumped to. */
    break: one(search, "break"),
    tab: among(search, "tab", TABS),
    jump: one(search, "jump"),
  });

export type WorkstationSearch = ReturnType<typeof read>;

/** Parameters to set, and those to take away (undefined). */
export type Change = { [K in keyof WorkstationSearch]?: WorkstationSearch[K] | undefined };

/** An address with some parameters changed; the others stay. */
export function changed(search: WorkstationSearch, change: Change): WorkstationSearch {
  return present<Change>({ ...search, ...change });
}

/** All of the workstation's state that a link should carry. */
export function workstationSearch(search: Record<string, unknown>): WorkstationSearch {
  return read(search);
}

/** The parameters that say which breaks are meant. */
export const FILTERS = [
  "state",
  "kind",
  "field",
  "reason",
  "cause",
  "group",
  "method",
  "assignee",
  "assigned_group",
  "assigned",
  "currency",
  "without",
  "min_amount",
  "max_amount",
  "older_than_days",
  "younger_than_days",
  "overdue",
  "has_due",
  "due_within_days",
  "due_after_days",
  "min_confidence",
  "max_confidence",
  "search",
] as const satisfies readonly (keyof WorkstationSearch)[];

export type Filter = Pick<WorkstationSearch, (typeof FILTERS)[number]>;

/** The filter in the address, without the way it is shown. */
export function filterOf(search: WorkstationSearch): Filter {
  return Object.fromEntries(
    FILTERS.flatMap((name) => (search[name] === undefined ? [] : [[name, search[name]]])),
  );
}

/** How many restrictions a filter makes beyond the usual states. */
export function restrictions(filter: Filter): number {
  return FILTERS.filter((name) => filter[name] !== undefined).length;
}
