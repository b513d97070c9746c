import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { answer, api } from "@/api/client";
import { Problem } from "@/api/problem";
import { text } from "@/texts/text";
import { notify } from "@/ui/notices";
import type { Layout } from "@/ui/table/types";

/** What a person has arranged; kept on the server, so that it is there on every machine. */
export interface Preferences {
  theme?: "system" | "light" | "dark";
  density?: "compact" | "comfortable";
  /** A locale of numbers and dates; the browser's unless given. */
  locale?: string;
  /** Changed shortcuts: action to keys. */
  keys?: Record<string, string[]>;
  /** Arranged tables by name. */
  tables?: Record<string, Layout>;
  /** Widths of panes by name. */
  panes?: Record<string, number>;
  /** The recon that was open last. */
  recon?: string;
}

const STORED = "greenai.preferences";
const PAUSE = 700;

/** What this browser remembers, so that the first paint already has the right theme. */
export function rememberedHere(): Preferences {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? "{}") as Preferences;
  } catch {
    return {};
  }
}

function rememberHere(preferences: Preferences): void {
  try {
    localStorage.setItem(STORED, JSON.stringify(preferences));
  } catch {
    // A browser that keeps nothing still has what the server keeps.
  }
}

export const preferencesQuery = queryOptions({
  queryKey: ["me", "preferences"],
  queryFn: async ({ signal }): Promise<Preferences> => {
    const { document } = await answer(api.GET("/api/v1/me/preferences", { signal }));
    rememberHere(document);
    return document;
  },
  staleTime: Number.POSITIVE_INFINITY,
});

let waiting: ReturnType<typeof setTimeout> | undefined;

async function save(preferences: Preferences): Promise<void> {
  try {
    await answer(api.PUT("/api/v1/me/preferences", { body: { document: { ...preferences } } }));
  } catch (error) {
    const detail = error instanceof Problem ? error.detail : undefined;
    notify({ tone: "rejected", title: text("preferences.notSaved"), detail });
  }
}

/** The preferences of who is signed in, and how to change them: at once here, a moment later on the server. */
export function usePreferences(): {
  preferences: Preferences;
  change: (patch: (before: Preferences) => Partial<Preferences>) => void;
} {
  const client = useQueryClient();
  const { data } = useQuery({ ...preferencesQuery, enabled: false });
  const change = useCallback(
    (patch: (before: Preferences) => Partial<Preferences>) => {
      const before = client.getQueryData(preferencesQuery.queryKey) ?? rememberedHere();
      const next = { ...before, ...patch(before) };
      client.setQueryData(preferencesQuery.queryKey, next);
      rememberHere(next);
      clearTimeout(waiting);
      waiting = setTimeout(() => void save(next), PAUSE);
    },
    [client],
  );
  return { preferences: data ?? rememberedHere(), change };
}

/** The layout of a table as this person has arranged it. */
export function useLayout(table: string): [Layout | undefined, (layout: Layout) => void] {
  const { preferences, change } = usePreferences();
  const keep = useCallback(
    (layout: Layout) => change((before) => ({ tables: { ...before.tables, [table]: layout } })),
    [change, table],
  );
  return [preferences.tables?.[table], keep];
}

/** The width of a pane as this person has pulled it. */
export function usePane(name: string, first: number): [number, (size: number) => void] {
  const { preferences, change } = usePreferences();
  const keep = useCallback(
    (size: number) => change((before) => ({ panes: { ...before.panes, [name]: size } })),
    [change, name],
  );
  return [preferences.panes?.[name] ?? first, keep];
}
