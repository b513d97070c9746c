import { among, one, present, whole } from "@/lib/search";

export const STATES = [
  "queued",
  "ingesting",
  "comparing",
  "attributing",
  "discriminating",
  "deciding",
  "awaiting_review",
  "completed",
  "failed",
  "cancelled",
] as const;
export const TABS = ["result", "lineage", "rejects", "rejected", "log"] as const;

const readRuns = (search: Record<string, unknown>) =>
  present({
    state: among(search, "state", STATES),
    from: day(search, "from"),
    to: day(search, "to"),
  });
const readRun = (search: Record<string, unknown>) => present({ tab: among(search, "tab", TABS) });
const readComparison = (search: Record<string, unknown>) => present({ with: whole(search, "with") });

export type RunsSearch = ReturnType<typeof readRuns>;
export type RunSearch = ReturnType<typeof readRun>;
export type ComparisonSearch = ReturnType<typeof readComparison>;

/** What the address of a list of runs says. */
export function runsSearch(search: Record<string, unknown>): RunsSearch {
  return readRuns(search);
}

/** What the address of a run says: its open tab. */
export function runSearch(search: Record<string, unknown>): RunSearch {
  return readRun(search);
}

/** What the address of a comparison says: the other run. */
export function comparisonSearch(search: Record<string, unknown>): ComparisonSearch {
  return readComparison(search);
}

function day(search: Record<string, unknown>, name: string): string | undefined {
  const found = one(search, name);
  return found !== undefined && /^\d{4}-\d\d-\d\d$/.test(found) ? found : undefined;
}
