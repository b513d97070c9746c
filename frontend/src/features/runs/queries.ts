import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { components } from "@/api/schema";
import type { RunsSearch } from "./address";

type Schemas = components["schemas"];
export type RunListed = Schemas["RunListed"];
export type RunShown = Schemas["RunShown"];
export type RunsBeside = Schemas["RunsBeside"];
export type RejectedBreak = Schemas["RejectedBreakShown"];

const PAGE = 100;
const ended = new Set(["awaiting_review", "completed", "failed", "cancelled"]);

/** Whether nobody works on a run in this state any more. */
export function isOver(state: string): boolean {
  return ended.has(state);
}

/** Runs of a recon, or of all; renewed while one of them is worked on. */
export function runsQuery(recon: string | undefined, search: RunsSearch) {
  return infiniteQueryOptions({
    queryKey: ["runs", "list", recon ?? null, search],
    queryFn: ({ pageParam, signal }): Promise<Schemas["RunPage"]> => {
      const query = {
        limit: PAGE,
        ...(search.state === undefined ? {} : { state: search.state }),
        ...(pageParam === null ? {} : { cursor: pageParam }),
      };
      if (recon === undefined) return answer(api.GET("/api/v1/runs", { params: { query }, signal }));
      const days = {
        ...(search.from === undefined ? {} : { from: search.from }),
        ...(search.to === undefined ? {} : { to: search.to }),
      };
      return answer(
        api.GET("/api/v1/recons/{recon}/runs", {
          params: { path: { recon }, query: { ...query, ...days } },
          signal,
        }),
      );
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some((run) => !isOver(run.state))) === true ? 3000 : false,
  });
}

const at = (recon: string, run: number) => ({ path: { recon, run } });

/** A run with its numbers. */
export function runQuery(recon: string, run: number) {
  return queryOptions({
    queryKey: ["runs", "one", recon, run],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/recons/{recon}/runs/{run}", { params: at(recon, run), signal })),
  });
}

/** What happened to a run, and what the engines did for it. */
export function logQuery(recon: string, run: number) {
  return queryOptions({
    queryKey: ["runs", "log", recon, run],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/recons/{recon}/runs/{run}/log", { params: at(recon, run), signal })),
  });
}

/** Rows that a run could not read, page by page. */
export function rejectsQuery(recon: string, run: number) {
  return infiniteQueryOptions({
    queryKey: ["runs", "rejects", recon, run],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/v1/recons/{recon}/runs/{run}/rejects", {
          params: {
            ...at(recon, run),
            query: { limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

/** Records that a run kept out, with their values. */
export function rejectedQuery(recon: string, run: number) {
  return queryOptions({
    queryKey: ["runs", "rejected", recon, run],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/recons/{recon}/runs/{run}/rejected", {
          params: { ...at(recon, run), query: { limit: 200 } },
          signal,
        }),
      ),
  });
}

/** A run beside another of its recon. */
export function comparisonQuery(recon: string, run: number, other: number) {
  return queryOptions({
    queryKey: ["runs", "comparison", recon, run, other],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/recons/{recon}/runs/{run}/comparison", {
          params: { ...at(recon, run), query: { with: other } },
          signal,
        }),
      ),
  });
}
