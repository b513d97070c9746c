import { one, present } from "@/lib/search";

/** The recon whose figures are shown; all recons beside each other without one. */
export function dashboardSearch(search: Record<string, unknown>) {
  return present({ recon: one(search, "recon") });
}
