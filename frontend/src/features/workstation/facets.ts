import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { Filter } from "./address";
import { asked } from "./queries";

/** How many breaks of a filter there are of each sort. */
export function facetsQuery(recon: string, filter: Filter) {
  const query = asked(filter);
  return queryOptions({
    queryKey: ["breaks", recon, "facets", query],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/recons/{recon}/facets", { params: { path: { recon }, query }, signal })),
    staleTime: 30_000,
  });
}

/** Causes and groups of what nothing explains, those with the most open breaks first. */
export function causesQuery(recon: string) {
  return infiniteQueryOptions({
    queryKey: ["breaks", recon, "causes"],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/v1/recons/{recon}/causes", {
          params: {
            path: { recon },
            query: { limit: 100, ...(pageParam === null ? {} : { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 30_000,
  });
}

/** One's own views of a recon, and those that others share. */
export function viewsQuery(recon: string) {
  return queryOptions({
    queryKey: ["views", recon],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/views", { params: { query: { recon, limit: 100 } }, signal })),
    staleTime: 60_000,
  });
}
