import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";
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
  kind: Wish["kind"] | "undo";
  /** What it is about, as people read it. */
  about: string;
  count: number;
  at: number;
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

let deeds: readonly Deed[] = [];
const listeners = new Set<() => void>();

function store(next: readonly Deed[]): void {
  deeds = next;
  for (const listener of listeners) listener();
}

function edit(id: string, change: Partial<Deed>): void {
  store(deeds.map((deed) => (deed.id === id ? { ...deed, ...change } : deed)));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What was done in this window about a recon, the newest first. */
export function useDeeds(recon: string): readonly Deed[] {
  const all = useSyncExternalStore(subscribe, () => deeds);
  return all.filter((deed) => deed.recon === recon);
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
    edit(deed.id, { state: "saved", proposal: made.proposal, version: made.version, count: made.items });
  } catch (error) {
    showAgain(client, recon, deed.before);
    edit(deed.id, { state: "refused" });
    const again = error instanceof Problem && error.passing;
    notify({
      tone: "rejected",
      title: text("deed.refused", { kind: textOf("proposal", order.wish.kind), about: order.about }),
      detail: `${detailOf(error)} ${text("deed.kept")}`,
      action: again ? { label: text("kit.retry"), run: () => decide(client, recon, order) } : undefined,
    });
  }
  refresh(client, recon);
}

function decide(client: QueryClient, recon: string, order: Order): void {
  const before = showAs(client, recon, order.chosen, "proposed");
  const deed: Deed = {
    id: intention(),
    recon,
    kind: order.wish.kind,
    about: order.about,
    count: order.count,
    at: Date.now(),
    state: "saving",
    before,
  };
  store([deed, ...deeds]);
  void send(client, recon, deed, order);
}

/** Decides: shown at once, sent in the background, rolled back visibly when the server refuses. */
export function useDecide(recon: string): (order: Order) => void {
  const client = useQueryClient();
  return useCallback((order) => decide(client, recon, order), [client, recon]);
}

/** Takes a deed of this window back: the proposal is withdrawn before anybody approved it. */
export function useUndo(recon: string): (deed: Deed) => void {
  const client = useQueryClient();
  return useCallback(
    (deed) => {
      const { proposal, version } = deed;
      if (proposal === undefined || version === undefined || deed.state !== "saved") return;
      edit(deed.id, { state: "undoing" });
      showAgain(client, recon, deed.before);
      const withdraw = api.POST("/api/v1/recons/{recon}/proposals/{proposal}/withdraw", {
        params: { path: { recon, proposal } },
        body: { version },
      });
      answer(withdraw)
        .then(() => edit(deed.id, { state: "undone" }))
        .catch((error: unknown) => {
          showAs(client, recon, (line) => deed.before.has(line.break_id), "proposed");
          edit(deed.id, { state: "saved" });
          notify({
            tone: "rejected",
            title: text("deed.undoRefused", { about: deed.about }),
            detail: detailOf(error),
          });
        })
        .finally(() => refresh(client, recon));
    },
    [client, recon],
  );
}
