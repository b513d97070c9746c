/** The list behind a figure, as the address of the workstation says it. */
export interface Leading {
  state?: string[];
  reason?: string[];
  currency?: string[];
  cause?: string;
  assignee?: string;
  assigned_group?: string;
  assigned?: "true" | "false";
  older_than_days?: number;
  sort?: "due" | "first_date";
}

function words(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((one): one is string => typeof one === "string" && one !== "")
    : [];
}

/**
 * The address of the breaks that a filter of the server finds. The server's limits on due times, and the younger end of an
 * age, have no place in the address: those lists come in the order of their due times or ages, so that theirs stand first.
 */
export function leading(filter: Record<string, unknown> | null): Leading | undefined {
  if (filter === null) return undefined;
  const found: Leading = {};
  const [state, reason, currency] = [
    words(filter["state"]),
    words(filter["reason"]),
    words(filter["currency"]),
  ];
  if (state.length > 0) found.state = state;
  if (reason.length > 0) found.reason = reason;
  if (currency.length > 0) found.currency = currency;
  const [cause] = words(filter["cause"]);
  if (cause !== undefined) found.cause = cause;
  const [assignee] = words(filter["assignee"]);
  const [group] = words(filter["assigned_group"]);
  if (assignee !== undefined) found.assignee = assignee;
  if (group !== undefined) found.assigned_group = group;
  if (Array.isArray(filter["assignee"]) && assignee === undefined && group === undefined)
    found.assigned = "false";
  if (typeof filter["older_than_days"] === "number") found.older_than_days = filter["older_than_days"];
  if (Object.keys(filter).some((name) => name === "overdue" || name.startsWith("due_"))) found.sort = "due";
  return found;
}
