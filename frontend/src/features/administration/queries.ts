import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { components, operations } from "@/api/schema";

export type User = components["schemas"]["User"];
export type GivenRole = components["schemas"]["GivenRole"];
export type Role = GivenRole["role"];
export type RoleLine = components["schemas"]["RoleLine"];
export type Permission = RoleLine["permissions"][number];
export type ApiKey = components["schemas"]["ApiKey"];
export type Group = components["schemas"]["Group"];
export type DuePolicy = components["schemas"]["Policy-Output"];
export type Told = components["schemas"]["Told"];
export type ReviewLimit = components["schemas"]["Limits"]["limits"][number];
export type ReasonRule = components["schemas"]["Rule"];
export type NoticeState = components["schemas"]["NoticeShown"]["state"];
export type AuditEvent = components["schemas"]["EventShown"];
export type JobState = components["schemas"]["JobListed"]["state"];
export type EventQuery = NonNullable<operations["list_events"]["parameters"]["query"]>;

const start = null as string | null;
const next = (page: { next: string | null }) => page.next;
const after = (cursor: string | null) => (cursor === null ? {} : { cursor });

export function usersQuery(search: string) {
  return infiniteQueryOptions({
    queryKey: ["users", "list", search],
    queryFn: ({ pageParam, signal }) =>
      answer(api.GET("/api/v1/users", { params: { query: { search, ...after(pageParam) } }, signal })),
    initialPageParam: start,
    getNextPageParam: next,
  });
}

export const rolesQuery = queryOptions({
  queryKey: ["roles"],
  queryFn: ({ signal }) => answer(api.GET("/api/v1/roles", { signal })),
  staleTime: 5 * 60_000,
});

export const keysQuery = infiniteQueryOptions({
  queryKey: ["api-keys"],
  queryFn: ({ pageParam, signal }) =>
    answer(api.GET("/api/v1/api-keys", { params: { query: after(pageParam) }, signal })),
  initialPageParam: start,
  getNextPageParam: next,
});

export function keysOfQuery(user: string) {
  return infiniteQueryOptions({
    queryKey: ["api-keys", "of", user],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/v1/users/{user}/api-keys", {
          params: { path: { user }, query: after(pageParam) },
          signal,
        }),
      ),
    initialPageParam: start,
    getNextPageParam: next,
  });
}

export function identitiesQuery(user: string) {
  return queryOptions({
    queryKey: ["users", "identities", user],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/users/{user}/identities", { params: { path: { user } }, signal })),
  });
}

export const groupsQuery = queryOptions({
  queryKey: ["groups", "all"],
  queryFn: ({ signal }) =>
    answer(api.GET("/api/v1/groups", { params: { query: { retired: true } }, signal })),
});

export const connectionsQuery = queryOptions({
  queryKey: ["connections", "all"],
  queryFn: ({ signal }) =>
    answer(api.GET("/api/v1/connections", { params: { query: { limit: 500 } }, signal })),
});

export const reasonsQuery = queryOptions({
  queryKey: ["reasons", "all"],
  queryFn: ({ signal }) => answer(api.GET("/api/v1/reasons", { signal })),
});

/** The reasons as a recon uses them, and the rules by which its causes have them. */
export function usedReasonsQuery(recon: string) {
  return queryOptions({
    queryKey: ["reasons", recon],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/recons/{recon}/reasons", { params: { path: { recon } }, signal })),
  });
}

export function limitsQuery(recon: string) {
  return queryOptions({
    queryKey: ["policies", recon, "limits"],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/recons/{recon}/review-policy", { params: { path: { recon } }, signal })),
  });
}

export function dueQuery(recon: string) {
  return queryOptions({
    queryKey: ["policies", recon, "due"],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/recons/{recon}/due-policies", { params: { path: { recon } }, signal })),
  });
}

export function escalationsQuery(mine: boolean) {
  return infiniteQueryOptions({
    queryKey: ["escalations", mine],
    queryFn: ({ pageParam, signal }) =>
      answer(api.GET("/api/v1/escalations", { params: { query: { mine, ...after(pageParam) } }, signal })),
    initialPageParam: start,
    getNextPageParam: next,
  });
}

export function noticesQuery(state: NoticeState) {
  return infiniteQueryOptions({
    queryKey: ["notices", state],
    queryFn: ({ pageParam, signal }) =>
      answer(api.GET("/api/v1/notices", { params: { query: { state, ...after(pageParam) } }, signal })),
    initialPageParam: start,
    getNextPageParam: next,
  });
}

export const queuesQuery = queryOptions({
  queryKey: ["jobs", "queues"],
  queryFn: ({ signal }) => answer(api.GET("/api/v1/queues", { signal })),
  refetchInterval: 10_000,
});

export const schedulesQuery = queryOptions({
  queryKey: ["schedules"],
  queryFn: ({ signal }) => answer(api.GET("/api/v1/schedules", { signal })),
});

export function jobsQuery(state: JobState | undefined) {
  return infiniteQueryOptions({
    queryKey: ["jobs", state ?? null],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/v1/jobs", {
          params: { query: { ...(state === undefined ? {} : { state }), ...after(pageParam) } },
          signal,
        }),
      ),
    initialPageParam: start,
    getNextPageParam: next,
    refetchInterval: 10_000,
  });
}

export function eventsQuery(query: EventQuery) {
  return infiniteQueryOptions({
    queryKey: ["audit", "events", query],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/v1/audit/events", { params: { query: { ...query, ...after(pageParam) } }, signal }),
      ),
    initialPageParam: start,
    getNextPageParam: next,
  });
}
