import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { components } from "@/api/schema";
import type { Stage } from "./address";

export type Proposal = components["schemas"]["ProposalShown"];
export type ProposalOpened = components["schemas"]["ProposalOpened"];
export type ProposalItem = components["schemas"]["ItemShown"];
export type RuleProposal = components["schemas"]["RuleProposalShown"];
export type DefinitionChange = components["schemas"]["ChangeShown"];
export type ConnectionListed = components["schemas"]["ConnectionListed"];

const PAGE = 100;
const LIVE = 2_000;
const CALM = 20_000;

const STATES: Record<Exclude<Stage, "waiting">, Proposal["state"][]> = {
  running: ["approved"],
  done: ["applied", "returned", "corrected", "withdrawn", "answered"],
};

/** Proposals of all recons at a stage, the newest first. Those that wait are those this person may still approve. */
export function proposalsQuery(stage: Stage, maker?: string) {
  const which = stage === "waiting" ? { to_check: true } : { state: STATES[stage] };
  const query = { ...which, limit: PAGE, ...(maker === undefined ? {} : { maker }) };
  return infiniteQueryOptions({
    queryKey: ["proposals", "desk", stage, maker ?? null],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/v1/proposals", {
          params: { query: { ...query, ...(pageParam === null ? {} : { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: stage === "running" ? LIVE : CALM,
  });
}

/** A proposal with its sums, approvals and history; read again and again while it is being decided. */
export function proposalQuery(recon: string, proposal: number) {
  return queryOptions({
    queryKey: ["proposals", recon, "one", proposal],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/recons/{recon}/proposals/{proposal}", {
          params: { path: { recon, proposal } },
          signal,
        }),
      ),
    refetchInterval: ({ state }) => (state.data?.state === "approved" ? 1_000 : false),
  });
}

export type Outcome = "all" | "open" | "decided" | "fallen" | "undone";

export function itemsQuery(recon: string, proposal: number, outcome: Outcome, version: number) {
  return infiniteQueryOptions({
    queryKey: ["proposals", recon, "items", proposal, outcome, version],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/v1/recons/{recon}/proposals/{proposal}/items", {
          params: {
            path: { recon, proposal },
            query: {
              limit: 50,
              ...(outcome === "all" ? {} : { outcome }),
              ...(pageParam === null ? {} : { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

/** Rules that wait for this person. */
export const rulesQuery = queryOptions({
  queryKey: ["rule-proposals", "desk"],
  queryFn: ({ signal }) =>
    answer(api.GET("/api/v1/rule-proposals", { params: { query: { to_check: true, limit: PAGE } }, signal })),
  refetchInterval: CALM,
});

export function ruleQuery(recon: string, proposal: number) {
  return queryOptions({
    queryKey: ["rule-proposals", recon, proposal],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/recons/{recon}/rule-proposals/{proposal}", {
          params: { path: { recon, proposal } },
          signal,
        }),
      ),
  });
}

/** Definition changes that wait for a checker. */
export const changesQuery = queryOptions({
  queryKey: ["changes", "desk"],
  queryFn: ({ signal }) =>
    answer(api.GET("/api/v1/changes", { params: { query: { state: "proposed", limit: PAGE } }, signal })),
  refetchInterval: CALM,
});

export function changeQuery(recon: string, change: number) {
  return queryOptions({
    queryKey: ["changes", recon, change],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/recons/{recon}/changes/{change}", { params: { path: { recon, change } }, signal }),
      ),
  });
}

/** What a version changes of the one that holds. */
export function differenceQuery(recon: string, version: number) {
  return queryOptions({
    queryKey: ["versions", recon, version, "difference"],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/recons/{recon}/versions/{version}/difference", {
          params: { path: { recon, version } },
          signal,
        }),
      ),
  });
}

/** Connections, of which those with a proposed version wait for a checker. */
export const connectionsQuery = queryOptions({
  queryKey: ["connections", "desk"],
  queryFn: ({ signal }) =>
    answer(api.GET("/api/v1/connections", { params: { query: { limit: 500 } }, signal })),
  refetchInterval: CALM,
});

export function connectionQuery(name: string) {
  return queryOptions({
    queryKey: ["connections", name],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/connections/{name}", { params: { path: { name } }, signal })),
  });
}
