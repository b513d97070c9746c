import { among, one, present } from "@/lib/search";

/** What may wait for a checker. */
export const TABS = ["decisions", "rules", "definitions", "connections"] as const;
/** How far what was proposed is: it waits, is being decided, or is done. */
export const STAGES = ["waiting", "running", "done"] as const;

export type Tab = (typeof TABS)[number];
export type Stage = (typeof STAGES)[number];

const read = (search: Record<string, unknown>) =>
  present({
    tab: among(search, "tab", TABS),
    stage: among(search, "stage", STAGES),
    maker: one(search, "maker"),
    /** What is open: `recon/12`, or a connection's `name/2`. */
    item: one(search, "item"),
    /** The break whose evidence is open. */
    break: one(search, "break"),
  });

export type CheckerSearch = ReturnType<typeof read>;
export type Change = { [K in keyof CheckerSearch]?: CheckerSearch[K] | undefined };

/** All of the desk's state that a link should carry. */
export function checkerSearch(search: Record<string, unknown>): CheckerSearch {
  return read(search);
}

export function changed(search: CheckerSearch, change: Change): CheckerSearch {
  return present<Change>({ ...search, ...change });
}

interface Place {
  name: string;
  number: number;
}

/** `recon/12` in its parts; undefined for what is no such address. */
export function placeOf(item: string | undefined): Place | undefined {
  const at = item?.lastIndexOf("/") ?? -1;
  if (item === undefined || at < 1) return undefined;
  const number = Number(item.slice(at + 1));
  return Number.isSafeInteger(number) && number > 0 ? { name: item.slice(0, at), number } : undefined;
}
