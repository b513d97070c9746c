import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { components } from "@/api/schema";

export type ReconOverview = components["schemas"]["ReconOverview"];

const STALE = 30_000;

export const overviewQuery = queryOptions({
  queryKey: ["statistics", "overview"],
  queryFn: ({ signal }) => answer(api.GET("/api/v1/statistics/overview", { signal })),
  staleTime: STALE,
});

const at = (recon: string, signal: AbortSignal) => ({ params: { path: { recon } }, signal });

/** The figures of one recon, each asked for by itself. */
export const figures = {
  rates: (recon: string) =>
    queryOptions({
      queryKey: ["statistics", recon, "rates"],
      queryFn: ({ signal }) => answer(api.GET("/api/v1/recons/{recon}/statistics/rates", at(recon, signal))),
      staleTime: STALE,
    }),
  ageing: (recon: string) =>
    queryOptions({
      queryKey: ["statistics", recon, "ageing"],
      queryFn: ({ signal }) => answer(api.GET("/api/v1/recons/{recon}/statistics/ageing", at(recon, signal))),
      staleTime: STALE,
    }),
  workload: (recon: string) =>
    queryOptions({
      queryKey: ["statistics", recon, "workload"],
      queryFn: ({ signal }) =>
        answer(api.GET("/api/v1/recons/{recon}/statistics/workload", at(recon, signal))),
      staleTime: STALE,
    }),
  causes: (recon: string) =>
    queryOptions({
      queryKey: ["statistics", recon, "causes"],
      queryFn: ({ signal }) => answer(api.GET("/api/v1/recons/{recon}/statistics/causes", at(recon, signal))),
      staleTime: STALE,
    }),
  backlog: (recon: string) =>
    queryOptions({
      queryKey: ["statistics", recon, "backlog"],
      queryFn: ({ signal }) =>
        answer(api.GET("/api/v1/recons/{recon}/statistics/backlog", at(recon, signal))),
      staleTime: STALE,
    }),
  risk: (recon: string) =>
    queryOptions({
      queryKey: ["statistics", recon, "value-at-risk"],
      queryFn: ({ signal }) =>
        answer(api.GET("/api/v1/recons/{recon}/statistics/value-at-risk", at(recon, signal))),
      staleTime: STALE,
    }),
};
