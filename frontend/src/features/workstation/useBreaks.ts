import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import type { Problem } from "@/api/problem";
import type { WorkstationSearch } from "./address";
import { breaksQuery } from "./queries";
import type { BreakLine } from "./types";

interface Breaks {
  rows: readonly BreakLine[];
  more: boolean;
  loading: boolean;
  problem: Problem | null;
  loadMore: () => void;
  again: () => void;
  businessDate: string | undefined;
}

const NONE: readonly BreakLine[] = [];

/** The breaks of the address, as far as they are loaded. */
export function useBreaks(recon: string, search: WorkstationSearch, enabled = true): Breaks {
  const { data, error, isFetching, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    ...breaksQuery(recon, search),
    enabled,
  });
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items) ?? NONE, [data]);
  const loadMore = useCallback(() => void fetchNextPage({ cancelRefetch: false }), [fetchNextPage]);
  return {
    rows,
    more: hasNextPage,
    loading: isFetching,
    problem: error,
    loadMore,
    again: () => void refetch(),
    businessDate: data?.pages[0]?.business_date ?? undefined,
  };
}
