import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { recordedBreak } from "@/testing/breaks";
import { useDecide, useDeeds, useUndo } from "./decisions";
import { nextWaiting } from "./patches";
import { breaksQuery } from "./queries";
import { waits } from "./types";

const RECON = "fx_trades";
const LINES = ["a", "b", "c"].map((letter) => recordedBreak({ break_id: letter.repeat(32), key: [letter] }));
const FIRST = "a".repeat(32);

function setting() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const key = breaksQuery(RECON, {}).queryKey;
  client.setQueryData(key, {
    pages: [{ items: LINES, next: null, business_date: "2026-11-21" }],
    pageParams: [null],
  });
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const states = () =>
    client.getQueryData(key)?.pages.flatMap((page) => page.items.map((line) => line.state));
  const { result } = renderHook(
    () => ({ decide: useDecide(RECON), undo: useUndo(RECON), deeds: useDeeds(RECON) }),
    { wrapper },
  );
  return { result, states };
}

const ORDER = {
  selection: { breaks: [FIRST] },
  wish: { kind: "accept" as const },
  about: "a · notional",
  count: 1,
  chosen: (line: { break_id: string }) => line.break_id === FIRST,
};

const answered = (status: number, body: object) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

describe("deciding", () => {
  beforeEach(() => {
    vi.stubGlobal("location", new URL("http://127.0.0.1/"));
  });

  it("shows the break as proposed before the server has answered", () => {
    vi.stubGlobal(
      "fetch",
      vi.fn(() => new Promise(() => undefined)),
    );
    const { result, states } = setting();
    act(() => result.current.decide(ORDER));
    expect(states()).toEqual(["proposed", "in_review", "in_review"]);
    expect(result.current.deeds[0]?.state).toBe("saving");
  });

  it("shows it as it was when the server refuses", async () => {
    const refused = { title: "In conflict", status: 409, detail: "somebody else proposed something" };
    vi.stubGlobal(
      "fetch",
      vi.fn(() => Promise.resolve(answered(409, refused))),
    );
    const { result, states } = setting();
    act(() => result.current.decide(ORDER));
    await waitFor(() => expect(result.current.deeds[0]?.state).toBe("refused"));
    expect(states()).toEqual(["in_review", "in_review", "in_review"]);
  });

  it("is taken back by withdrawing the proposal in the version that was made", async () => {
    const calls: Request[] = [];
    const made = { proposal: 7, version: 3, items: 1 };
    vi.stubGlobal(
      "fetch",
      vi.fn((request: Request) => {
        calls.push(request.clone());
        return Promise.resolve(answered(request.url.endsWith("withdraw") ? 200 : 201, made));
      }),
    );
    const { result, states } = setting();
    act(() => result.current.decide(ORDER));
    await waitFor(() => expect(result.current.deeds[0]?.state).toBe("saved"));
    const deed = result.current.deeds[0];
    if (deed === undefined) throw new Error("nothing was done");
    act(() => result.current.undo(deed));
    await waitFor(() => expect(result.current.deeds[0]?.state).toBe("undone"));
    expect(states()).toEqual(["in_review", "in_review", "in_review"]);
    const last = calls.at(-1);
    expect(last?.url).toContain("/proposals/7/withdraw");
    expect(await last?.json()).toEqual({ version: 3 });
    expect(calls[0]?.headers.get("Idempotency-Key")).toBe(deed.id);
  });
});

describe("the next break that waits", () => {
  const proposed = recordedBreak({ break_id: "d".repeat(32), state: "proposed" });

  it("is the next one below, passing over those that are decided", () => {
    const rows = [...LINES.slice(0, 1), proposed, ...LINES.slice(1)];
    expect(nextWaiting(rows, 0, waits)?.key).toEqual(["b"]);
  });

  it("is the first above when none waits below, and none when none waits at all", () => {
    expect(nextWaiting([...LINES.slice(0, 1), proposed], 1, waits)?.key).toEqual(["a"]);
    expect(nextWaiting([proposed], 0, waits)).toBeUndefined();
    expect(nextWaiting([], -1, waits)).toBeUndefined();
  });
});
