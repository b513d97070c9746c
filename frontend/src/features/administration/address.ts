import { among, one, present } from "@/lib/search";

export const TABS = [
  "users",
  "groups",
  "roles",
  "keys",
  "connections",
  "reasons",
  "policies",
  "overdue",
  "schedules",
  "jobs",
  "audit",
] as const;
export type Tab = (typeof TABS)[number];

/** Who has none of these permissions does not see the tab. */
export const NEEDS: Record<Tab, readonly string[]> = {
  users: ["users.read"],
  groups: ["policies.manage"],
  roles: ["users.read"],
  keys: ["keys.own"],
  connections: ["connections.propose", "connections.approve"],
  reasons: ["reasons.manage"],
  policies: ["policies.manage"],
  overdue: ["breaks.read"],
  schedules: ["schedules.manage"],
  jobs: ["jobs.read"],
  audit: ["audit.read"],
};

const read = (search: Record<string, unknown>) =>
  present({
    tab: among(search, "tab", TABS),
    search: one(search, "search"),
    recon: one(search, "recon"),
    state: among(search, "state", ["dead", "waiting", "running", "done", "cancelled"]),
    /** Notices by their state, and whose escalations. */
    notices: among(search, "notices", ["dead", "waiting", "sent"]),
    whose: among(search, "whose", ["mine"]),
    /** The audit. */
    actor: one(search, "actor"),
    action: one(search, "action"),
    text: one(search, "text"),
    from: one(search, "from"),
    to: one(search, "to"),
    event: one(search, "event"),
  });

export type AdministrationSearch = ReturnType<typeof read>;
export type Change = { [K in keyof AdministrationSearch]?: AdministrationSearch[K] | undefined };

export function administrationSearch(search: Record<string, unknown>): AdministrationSearch {
  return read(search);
}

export function changed(search: AdministrationSearch, change: Change): AdministrationSearch {
  return present<Change>({ ...search, ...change });
}
