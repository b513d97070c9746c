import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { text, textOf } from "@/texts/text";
import type { Group } from "@/ui/table/types";
import { filterOf, type WorkstationSearch } from "./address";
import { causeName, causePlace } from "./causes";
import { idOfCause, idOfHolder } from "./grouping";
import { causesQuery, facetsQuery } from "./facets";

/** The headings of a grouped list with their counts; undefined when it is not grouped that way. */
export function useGroups(recon: string, search: WorkstationSearch): readonly Group[] | undefined {
  const { by } = search;
  const faceted = by === "field" || by === "reason" || by === "assignee";
  const facets = useQuery({
    ...facetsQuery(recon, filterOf(search)),
    enabled: faceted,
    placeholderData: keepPreviousData,
  });
  const causes = useInfiniteQuery({ ...causesQuery(recon), enabled: by === "cause" });
  return useMemo(() => {
    if (by === "cause") {
      const found = causes.data?.pages.flatMap((page) => page.items) ?? [];
      return found
        .filter((cause) => cause.open > 0)
        .map((cause) => ({
          id: idOfCause(cause),
          label: causeName(cause),
          note: causePlace(cause),
          count: cause.open,
        }));
    }
    if (by === "field" || by === "reason") {
      return (facets.data?.[by] ?? []).flatMap(({ value, breaks }) =>
        value === null ? [] : [{ id: value, label: textOf(by, value), count: breaks }],
      );
    }
    if (by === "assignee") {
      return (facets.data?.assignee ?? []).map((holder) => ({
        id: idOfHolder(holder),
        label: holder.assignee ?? holder.group ?? text("breaks.nobody"),
        count: holder.breaks,
      }));
    }
    return undefined;
  }, [by, causes.data, facets.data]);
}

/** The fields that breaks of a recon are about. */
export function useFields(recon: string): string[] {
  const { data } = useQuery(facetsQuery(recon, {}));
  return (data?.field ?? []).flatMap(({ value }) => (value === null ? [] : [value]));
}
