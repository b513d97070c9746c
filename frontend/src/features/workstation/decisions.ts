import { type QueryClient, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { answer, api, intention } from "@/api/client";
import { Problem } from "@/api/problem";
import { text, textOf } from "@/texts/text";
import { notify } from "@/ui/notices";
import { type Before, showAgain, showAs } from "./patches";
import type { BreakLine, Proposal, Selection, Wish } from "./types";

/** What this window has done: at once in the list, saved in the background, undone one by one. */
export interface Deed {
  id: string;
  recon: string;
  /** What it is about, as people read it. */
  about: string;
  count: number;
  state: "saving" | "saved" | "refused" | "undoing" | "undone";
  proposal?: number;
  version?: number;
  before: Before;
}

export interface Order {
  selection: Selection;
  wish: Wish;
  about: string;
  count: number;
  /** Which of the loaded rows it is about. */
  chosen: (line: BreakLine) => boolean;
}

const NONE: readonly Deed[] = [];

/** Kept with what the server said, so that it goes when somebody else signs in. */
function deedsQuery(recon: string) {
  return queryOptions({
    queryKey: ["deeds", recon],
    queryFn: () => NONE,
    initialData: NONE,
    enabled: false,
    staleTime: "static",
    gcTime: Number.POSITIVE_INFINITY,
  });
}

function store(
  client: QueryClient,
  recon: string,
  change: (deeds: readonly Deed[]) => readonly Deed[],
): void {
  client.setQueryData(deedsQuery(recon).queryKey, (deeds = NONE) => change(deeds));
}

function edit(client: QueryClient, { id, recon }: Deed, change: Partial<Deed>): void {
  store(client, recon, (deeds) => deeds.map((deed) => (deed.id === id ? { ...deed, ...change } : deed)));
}

function present(client: QueryClient, { id, recon }: Deed): Deed | undefined {
  return client.getQueryData(deedsQuery(recon).queryKey)?.find((deed) => deed.id === id);
}

/** What was done in this window about a recon, the newest first. */
export function useDeeds(recon: string): readonly Deed[] {
  return useQuery(deedsQuery(recon)).data;
}

function detailOf(error: unknown): string {
  if (!(error instanceof Problem)) return String(error);
  return error.remedy === undefined ? error.detail : `${error.detail} · ${error.remedy}`;
}

/** Counts and logs are read anew after something was decided; the list itself is changed in place. */
function refresh(client: QueryClient, recon: string): void {
  for (const what of ["count", "facets", "causes", "break"]) {
    void client.invalidateQueries({ queryKey: ["breaks", recon, what] });
  }
  void client.invalidateQueries({ queryKey: ["proposals"] });
}

async function send(client: QueryClient, recon: string, deed: Deed, order: Order): Promise<void> {
  const body = { selection: order.selection, ...order.wish };
  try {
    const made: Proposal = await answer(
      api.POST("/api/v1/recons/{recon}/proposals", {
        params: { path: { recon } },
        headers: { "Idempotency-Key": deed.id },
        body,
      }),
    );
    const arrived = { proposal: made.proposal, version: made.version, count: made.items };
    if (present(client, deed)?.state === "undoing") {
      edit(client, deed, arrived);
      await withdraw(client, { ...deed, ...arrived });
    } else {
      edit(client, deed, { ...arrived, state: "saved" });
    }
  } catch (error) {
    showAgain(client, recon, deed.before);
    edit(client, deed, { state: "refused" });
    const again = error instanceof Problem && error.passing;
    notify({
      tone: "rejected",
      title: text("deed.refused", { kind: textOf("proposal", order.wish.kind), about: order.about }),
      detail: `${detailOf(error)} ${text(again ? "deed.unknown" : "deed.kept")}`,
      action: again
        ? { label: text("kit.retry"), run: () => decide(client, recon, order, deed.id) }
        : undefined,
    });
  }
  refresh(client, recon);
}

/** The same `id` again is the same intention: what arrived although its answer was lost is not done twice. */
function decide(client: QueryClient, recon: string, order: Order, id: string = intention()): void {
  const before = showAs(client, recon, order.chosen, "proposed");
  const deed: Deed = {
    id,
    recon,
    about: order.about,
    count: order.count,
    state: "saving",
    before,
  };
  store(client, recon, (deeds) => [deed, ...deeds.filter((other) => other.id !== id)]);
  void send(client, recon, deed, order);
}

async function withdraw(client: QueryClient, deed: Deed): Promise<void> {
  const { recon, proposal, version } = deed;
  if (proposal === undefined || version === undefined) return;
  try {
    await answer(
      api.POST("/api/v1/recons/{recon}/proposals/{proposal}/withdraw", {
        params: { path: { recon, proposal } },
        body: { version },
      }),
    );
    edit(client, deed, { state: "undone" });
  } catch (error) {
    showAs(client, recon, (line) => deed.before.has(line.break_id), "proposed");
    edit(client, deed, { state: "saved" });
    notify({
      tone: "rejected",
      title: text("deed.undoRefused", { about: deed.about }),
      detail: detailOf(error),
    });
  }
}

/** Decides: shown at once, sent in the background, rolled back visibly when the server refuses. */
export function useDecide(recon: string): (order: Order) => void {
  const client = useQueryClient();
  return useCallback((order) => decide(client, recon, order), [client, recon]);
}

/**
 * Takes the last deed of this window back: its proposal is withdrawn before anybody approved it. Says whether there was one.
 * Looks at what is there now, not at what was drawn: keys come faster.
 */
export function useUndo(recon: string): () => boolean {
  const client = useQueryClient();
  return useCallback(() => {
    const deeds = client.getQueryData(deedsQuery(recon).queryKey) ?? NONE;
    const last = deeds.find(({ state }) => state === "saving" || state === "saved");
    if (last === undefined) return false;
    edit(client, last, { state: "undoing" });
    showAgain(client, recon, last.before);
    // What is still on its way is withdrawn by whoever sent it, once its number is known.
    if (last.state === "saved") void withdraw(client, last).then(() => refresh(client, recon));
    return true;
  }, [client, recon]);
}
