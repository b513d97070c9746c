import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { components } from "@/api/schema";

type Schemas = components["schemas"];
export type ReconShown = Schemas["ReconShown"];
export type ChangeShown = Schemas["ChangeShown"];
export type Difference = Schemas["DefinitionDifference"];
export type Inferred = Schemas["InferenceShown"];
export type Trial = Schemas["TrialShown"];
export type Validation = Schemas["Validation"];
export type ProblemShown = Schemas["ProblemShown"];
export type ScheduleShown = Schemas["ScheduleShown"];
export type Rows = Schemas["RowsShown"];

const PAGE = 100;

/** A recon with the definition that holds today. */
export function reconQuery(recon: string) {
  return queryOptions({
    queryKey: ["recons", "one", recon],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/recons/{recon}", { params: { path: { recon } }, signal })),
  });
}

/** The versions of a recon, the last first. */
export function versionsQuery(recon: string) {
  return infiniteQueryOptions({
    queryKey: ["recons", "versions", recon],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/v1/recons/{recon}/versions", {
          params: {
            path: { recon },
            query: { limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

/** A version with its YAML. */
export function versionQuery(recon: string, version: number) {
  return queryOptions({
    queryKey: ["recons", "version", recon, version],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/recons/{recon}/versions/{version}", {
          params: { path: { recon, version } },
          signal,
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What a version changes, against an earlier one. */
export function differenceQuery(recon: string, version: number, from: number) {
  return queryOptions({
    queryKey: ["recons", "difference", recon, version, from],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/recons/{recon}/versions/{version}/difference", {
          params: { path: { recon, version }, query: { from } },
          signal,
        }),
      ),
  });
}

/** What was proposed for a recon, the last first. */
export function changesQuery(recon: string) {
  return infiniteQueryOptions({
    queryKey: ["recons", "changes", recon],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/v1/recons/{recon}/changes", {
          params: {
            path: { recon },
            query: { limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

/** When a recon runs by itself; null where it does not. */
export function scheduleQuery(recon: string) {
  return queryOptions({
    queryKey: ["recons", "schedule", recon],
    queryFn: async ({ signal }): Promise<ScheduleShown | null> => {
      const page = await answer(api.GET("/api/v1/schedules", { signal }));
      return page.items.find((one) => one.recon === recon) ?? null;
    },
  });
}

/** Approved connections, and the area of uploads. */
export const connectionsQuery = queryOptions({
  queryKey: ["connections"],
  queryFn: async ({ signal }) => {
    const page = await answer(api.GET("/api/v1/connections", { params: { query: { limit: 500 } }, signal }));
    return page.items.filter((one) => one.state === "approved" && one.kind !== "uploads");
  },
});

/** Whether a definition can be used, and what is wrong with it. */
export function validationQuery(document: string) {
  return queryOptions({
    queryKey: ["definitions", "validation", document],
    queryFn: ({ signal }) =>
      answer(api.POST("/api/v1/definitions/validation", { body: { document }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}
