import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { components } from "@/api/schema";
import type { BreakLine } from "./types";

export type BreakDetail = components["schemas"]["BreakDetail"];
export type Candidate = components["schemas"]["Candidate"];
export type CauseLine = components["schemas"]["CauseLine"];
export type Cell = components["schemas"]["Cell"];
export type Facets = components["schemas"]["BreakFacets"];
export type Span = components["schemas"]["Span"];

/** A break as the list would show it, where it is in none that is loaded; undefined for one that is no longer there. */
export function lineOf(detail: BreakDetail | undefined): BreakLine | undefined {
  if (detail === undefined) return undefined;
  const { state, age_days, first_date } = detail;
  if (state === "resolved" || age_days === null || first_date === null) return undefined;
  return { ...detail, state, age_days, first_date };
}

export function historyQuery(recon: string, id: string) {
  return infiniteQueryOptions({
    queryKey: ["breaks", recon, "break", id, "history"],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/v1/recons/{recon}/breaks/{break}/history", {
          params: {
            path: { recon, break: id },
            query: { limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

export function similarQuery(recon: string, id: string) {
  return queryOptions({
    queryKey: ["breaks", recon, "break", id, "similar"],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/recons/{recon}/breaks/{break}/similar", {
          params: { path: { recon, break: id }, query: { limit: 20 } },
          signal,
        }),
      ),
  });
}

export function commentsQuery(recon: string, id: string) {
  return queryOptions({
    queryKey: ["breaks", recon, "break", id, "comments"],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/recons/{recon}/breaks/{break}/comments", {
          params: { path: { recon, break: id }, query: { limit: 100 } },
          signal,
        }),
      ),
  });
}
