import { queryOptions, useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { components } from "@/api/schema";

export type ReconListed = components["schemas"]["ReconListed"];

const MOST = 500;

/** The recons this person may see; every page needs them, so they stand here. */
export const reconsQuery = queryOptions({
  queryKey: ["recons", "mine"],
  queryFn: async ({ signal }): Promise<ReconListed[]> => {
    const page = await answer(api.GET("/api/v1/recons", { params: { query: { limit: MOST } }, signal }));
    return page.items;
  },
  staleTime: 60_000,
});

/** One recon of the list; undefined until it is loaded. */
export function useRecon(name: string | undefined): ReconListed | undefined {
  const { data } = useQuery({ ...reconsQuery, enabled: name !== undefined });
  return data?.find((recon) => recon.name === name);
}

const PASSED = new Set(["passed", "approved"]);
const WAITING = new Set(["in_review", "returned"]);
const PROPOSED = new Set(["proposed"]);

interface Standing {
  waiting: number;
  proposed: number;
  passed: number;
  all: number;
}

/** How the present breaks of a recon stand: what waits for a maker, and for a checker; passed, all. */
export function standingQuery(recon: string) {
  return queryOptions({
    queryKey: ["breaks", recon, "facets", "standing"],
    queryFn: async ({ signal }): Promise<Standing> => {
      const facets = await answer(
        api.GET("/api/v1/recons/{recon}/facets", { params: { path: { recon } }, signal }),
      );
      const sum = (states?: ReadonlySet<string>) =>
        facets.state
          .filter(({ value }) => states === undefined || (value !== null && states.has(value)))
          .reduce((total, { breaks }) => total + breaks, 0);
      return { waiting: sum(WAITING), proposed: sum(PROPOSED), passed: sum(PASSED), all: sum() };
    },
    staleTime: 30_000,
  });
}
