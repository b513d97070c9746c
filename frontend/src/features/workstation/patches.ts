import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { BreakLine, BreakPage, State } from "./types";

type Pages = InfiniteData<BreakPage, string | null>;

/** The states that breaks had before they were shown otherwise, to go back to when the server refuses. */
export type Before = ReadonlyMap<string, State>;

/** Shows breaks in another state, wherever they are loaded. `chosen` says which; returns what they were. */
export function showAs(
  client: QueryClient,
  recon: string,
  chosen: (line: BreakLine) => boolean,
  state: State,
): Before {
  const before = new Map<string, State>();
  change(client, recon, (line) => {
    if (line.state === state || !chosen(line)) return line;
    before.set(line.break_id, line.state);
    return { ...line, state };
  });
  return before;
}

/** Shows breaks as they were before. */
export function showAgain(client: QueryClient, recon: string, before: Before): void {
  change(client, recon, (line) => {
    const state = before.get(line.break_id);
    return state === undefined ? line : { ...line, state };
  });
}

/** Shows breaks otherwise, wherever they are loaded. */
export function change(client: QueryClient, recon: string, edit: (line: BreakLine) => BreakLine): void {
  client.setQueriesData<Pages>({ queryKey: ["breaks", recon, "list"] }, (data) => {
    if (data === undefined) return data;
    const pages = data.pages.map((page) => {
      const items = page.items.map(edit);
      return items.every((line, at) => line === page.items[at]) ? page : { ...page, items };
    });
    return pages.every((page, at) => page === data.pages[at]) ? data : { ...data, pages };
  });
}

/** The next row that waits, after the one at `from`; from the top when there is none below. */
export function nextWaiting(
  rows: readonly BreakLine[],
  from: number,
  waits: (line: BreakLine) => boolean,
): BreakLine | undefined {
  for (let step = 1; step <= rows.length; step += 1) {
    const line = rows[(from + step) % rows.length];
    if (line !== undefined && waits(line)) return line;
  }
  return undefined;
}
