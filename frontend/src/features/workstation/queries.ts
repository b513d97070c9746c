import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { EVERY, type Filter, filterOf, type LACKING, OPEN, type WorkstationSearch } from "./address";
import type { BreakPage, ListQuery, State } from "./types";

const PAGE = 200;
const STATES: readonly State[] = ["passed", "in_review", "proposed", "approved", "returned", "rejected"];

/** A filter as the server takes it. Without states: those that wait for a maker. */
export function asked(filter: Filter): Omit<ListQuery, "sort" | "cursor" | "limit"> {
  const { state = OPEN, kind, reason, cause, group, method, assigned, overdue, has_due, ...rest } = filter;
  const { min_confidence, max_confidence, without = [], ...same } = rest;
  const { field, assignee, assigned_group, currency, ...plain } = same;
  const states = state.includes(EVERY) ? [...STATES] : STATES.filter((one) => state.includes(one));
  return {
    ...plain,
    state: states,
    ...(kind === undefined ? {} : { kind: kind as NonNullable<ListQuery["kind"]> }),
    ...(reason === undefined ? {} : { reason }),
    ...(cause === undefined ? {} : { cause: [cause] }),
    ...(group === undefined ? {} : { group: [group] }),
    ...(method === undefined ? {} : { method: method as NonNullable<ListQuery["method"]> }),
    ...several("field", field, without),
    ...several("assignee", assignee, without),
    ...several("assigned_group", assigned_group, without),
    ...several("currency", currency, without),
    ...(assigned === undefined ? {} : { assigned: assigned === "true" }),
    ...(overdue === undefined ? {} : { overdue: overdue === "true" }),
    ...(has_due === undefined ? {} : { has_due: has_due === "true" }),
    ...(min_confidence === undefined ? {} : { min_confidence: Number(min_confidence) }),
    ...(max_confidence === undefined ? {} : { max_confidence: Number(max_confidence) }),
  };
}

/** Values of a filter; breaks without one are an empty text among them. */
function several<N extends (typeof LACKING)[number]>(
  name: N,
  given: string | string[] | undefined,
  without: readonly string[],
): Partial<Record<N, string[]>> {
  const values = given === undefined ? [] : Array.isArray(given) ? given : [given];
  const all = without.includes(name) ? [...values, ""] : values;
  return all.length === 0 ? {} : ({ [name]: all } as Record<N, string[]>);
}

/** The order of the address as the server takes it; a jump needs the order by key. */
export function order(search: WorkstationSearch): string {
  if (search.jump !== undefined) return "key";
  return `${search.down === true ? "-" : ""}${search.sort ?? "first_date"}`;
}

/** The list in the middle, page by page; after a jump it begins at the key. */
export function breaksQuery(recon: string, search: WorkstationSearch) {
  const filter = asked(filterOf(search));
  const sort = order(search);
  const { jump } = search;
  return infiniteQueryOptions({
    queryKey: ["breaks", recon, "list", filter, sort, jump ?? null],
    queryFn: async ({ pageParam, signal }): Promise<BreakPage> => {
      let cursor = pageParam;
      if (cursor === null && jump !== undefined) {
        const query = { ...filter, key: jump };
        const sought = await answer(
          api.GET("/api/v1/recons/{recon}/breaks/seek", { params: { path: { recon }, query }, signal }),
        );
        cursor = sought.cursor;
        if (sought.found === null) return { items: [], next: null, business_date: null };
      }
      const query: ListQuery = { ...filter, sort, limit: PAGE, ...(cursor === null ? {} : { cursor }) };
      return answer(api.GET("/api/v1/recons/{recon}/breaks", { params: { path: { recon }, query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    // What was loaded is changed in place by decisions; it is loaded anew when somebody asks for it.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** How many breaks a filter finds, with their amounts. */
export function countQuery(recon: string, filter: Filter) {
  const query = asked(filter);
  return queryOptions({
    queryKey: ["breaks", recon, "count", query],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/recons/{recon}/breaks/count", { params: { path: { recon }, query }, signal })),
    staleTime: 30_000,
  });
}

/** The reasons a person may give in a recon. */
export function reasonsQuery(recon: string) {
  return queryOptions({
    queryKey: ["reasons", recon],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/recons/{recon}/reasons", { params: { path: { recon } }, signal })),
    staleTime: 5 * 60_000,
  });
}
