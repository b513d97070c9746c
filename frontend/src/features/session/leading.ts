const LACKING = ["field", "currency", "assignee", "assigned_group"] as const;
const DAYS = ["older_than_days", "younger_than_days", "due_within_days", "due_after_days"] as const;
const EITHER = ["overdue", "has_due"] as const;

/** The list behind a figure, as the address of the workstation says it. */
export type Leading = {
  state?: string[];
  kind?: string[];
  reason?: string[];
  method?: string[];
  field?: string[];
  currency?: string[];
  cause?: string;
  group?: string;
  assignee?: string;
  assigned_group?: string;
  without?: (typeof LACKING)[number][];
  sort?: "due" | "first_date" | "amount" | "key";
  down?: true;
} & Partial<Record<(typeof DAYS)[number], number>> &
  Partial<Record<(typeof EITHER)[number], "true" | "false">>;

/** A filter of the list of breaks as the server says it. */
export type BreakFilter = Readonly<Record<string, unknown>>;

function words(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((one): one is string => typeof one === "string" && one !== "")
    : [];
}

/** The address of exactly the breaks that a filter of the server finds; those about due times in their order. */
export function leading(filter: BreakFilter | null): Leading | undefined {
  if (filter === null) return undefined;
  const found: Leading = {};
  for (const name of ["state", "kind", "reason", "method", "field", "currency"] as const) {
    const values = words(filter[name]);
    if (values.length > 0) found[name] = values;
  }
  for (const name of ["cause", "group", "assignee", "assigned_group"] as const) {
    const [value] = words(filter[name]);
    if (value !== undefined) found[name] = value;
  }
  const without = LACKING.filter((name) => {
    const values = filter[name];
    return Array.isArray(values) && values.includes("");
  });
  if (without.length > 0) found.without = without;
  for (const name of DAYS) {
    const days = filter[name];
    if (typeof days === "number") found[name] = days;
  }
  for (const name of EITHER) {
    const either = filter[name];
    if (typeof either === "boolean") found[name] = either ? "true" : "false";
  }
  if (Object.keys(filter).some((name) => name === "overdue" || name.startsWith("due_"))) found.sort = "due";
  return found;
}
