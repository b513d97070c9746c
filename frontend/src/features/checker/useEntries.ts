import { type QueryKey, useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";
import { causeQuery } from "@/features/session/breaks";
import { useMay, useMe } from "@/features/session/session";
import type { Problem } from "@/api/problem";
import type { CheckerSearch, Tab } from "./address";
import { causeOf, changeEntry, connectionEntry, type Entry, proposalEntry, ruleEntry } from "./entries";
import { changesQuery, connectionsQuery, type DefinitionChange, proposalsQuery, rulesQuery } from "./queries";

interface Listed {
  entries: Entry[] | undefined;
  error: Problem | null;
  refetch: () => unknown;
  more: (() => void) | undefined;
  /** Where the list is kept, so that what was decided leaves it at once. */
  key: QueryKey;
}

/** What this person may still check of the definition changes: not their own. */
function useMine(): (change: DefinitionChange) => boolean {
  const me = useMe();
  const may = useMay();
  return (change) => change.proposed_by !== me.name && may("recons.approve", change.recon);
}

/** The lists of the desk by tab; only the lists of what this person may check are fetched. */
export function useEntries(search: CheckerSearch): Record<Tab, Listed | undefined> {
  const may = useMay();
  const mine = useMine();
  const proposals = useInfiniteQuery({
    ...proposalsQuery(search.stage ?? "waiting", search.maker),
    enabled: may("breaks.read"),
  });
  const rules = useQuery({ ...rulesQuery, enabled: may("rules.approve") });
  const changes = useQuery({ ...changesQuery, enabled: may("recons.approve") });
  const connections = useQuery({ ...connectionsQuery, enabled: may("connections.approve") });

  const found = proposals.data?.pages.flatMap((page) => page.items);
  const words = useCauseWords(found ?? []);
  return {
    decisions: may("breaks.read")
      ? {
          entries: found?.map((proposal) => proposalEntry(proposal, words)),
          error: proposals.error,
          refetch: proposals.refetch,
          more: proposals.hasNextPage ? () => void proposals.fetchNextPage() : undefined,
          key: ["proposals"],
        }
      : undefined,
    rules: may("rules.approve")
      ? {
          entries: rules.data?.items.map(ruleEntry),
          error: rules.error,
          refetch: rules.refetch,
          more: undefined,
          key: ["rule-proposals"],
        }
      : undefined,
    definitions: may("recons.approve")
      ? {
          entries: changes.data?.items.filter(mine).map(changeEntry),
          error: changes.error,
          refetch: changes.refetch,
          more: undefined,
          key: ["changes"],
        }
      : undefined,
    connections: may("connections.approve")
      ? {
          entries: connections.data?.items
            .filter((one) => one.proposed_version !== null)
            .map(connectionEntry),
          error: connections.error,
          refetch: connections.refetch,
          more: undefined,
          key: ["connections"],
        }
      : undefined,
  };
}

interface About {
  recon: string;
  selection: Record<string, unknown>;
}

/** The words of the causes that proposals were made for, as far as they are loaded. */
function useCauseWords(proposals: readonly About[]): ReadonlyMap<string, string> {
  const recons = new Map<string, string>();
  for (const proposal of proposals) {
    const cause = causeOf(proposal);
    if (cause !== undefined) recons.set(cause, proposal.recon);
  }
  const causes = useQueries({
    queries: [...recons].map(([cause, recon]) => causeQuery(recon, cause)),
  });
  const words = new Map<string, string>();
  for (const { data } of causes) {
    const name = data?.expression ?? data?.shape ?? data?.explanation;
    if (data !== undefined && name !== null && name !== undefined) {
      words.set(data.cause_id, data.field === null ? name : `${data.field}: ${name}`);
    }
  }
  return words;
}
