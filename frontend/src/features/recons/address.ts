import { among, present, whole } from "@/lib/search";

export const TABS = ["definition", "versions", "changes", "schedule"] as const;

const readRecon = (search: Record<string, unknown>) =>
  present({
    tab: among(search, "tab", TABS),
    /** The version that is shown; the one that holds unless given. */
    version: whole(search, "version"),
    /** The version it is compared with. */
    from: whole(search, "from"),
  });

export type ReconSearch = ReturnType<typeof readRecon>;

/** What the address of a recon says: its open tab and version. */
export function reconSearch(search: Record<string, unknown>): ReconSearch {
  return readRecon(search);
}
