import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, renderHook, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { recordedBreak } from "@/testing/breaks";
import { text } from "@/texts/text";
import { Notices } from "@/ui/notices";
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

const SECOND = {
  ...ORDER,
  selection: { breaks: ["b".repeat(32)] },
  about: "b · notional",
  chosen: (line: { break_id: string }) => line.break_id === "b".repeat(32),
};

const answered = (status: number, body: object) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

describe("deciding", () => {
  beforeEach(() => {
    vi.stubGlobal("location", new URL("http://127.0.0.1/"));
  });

  it("shows the break as proposed before the server has answered", async () => {
    vi.stubGlobal(
      "fetch",
      vi.fn(() => new Promise(() => undefined)),
    );
    const { result, states } = setting();
    act(() => result.current.decide(ORDER));
    expect(states()).toEqual(["proposed", "in_review", "in_review"]);
    await waitFor(() => expect(result.current.deeds[0]?.state).toBe("saving"));
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
    act(() => expect(result.current.undo()).toBe(true));
    await waitFor(() => expect(result.current.deeds[0]?.state).toBe("undone"));
    expect(states()).toEqual(["in_review", "in_review", "in_review"]);
    const last = calls.at(-1);
    expect(last?.url).toContain("/proposals/7/withdraw");
    expect(await last?.json()).toEqual({ version: 3 });
    expect(calls[0]?.headers.get("Idempotency-Key")).toBe(deed.id);
  });

  it("takes the last decision back, not the one before, where it is still on its way", async () => {
    const urls: string[] = [];
    let arrive: (response: Response) => void = () => undefined;
    const answers = [
      () => Promise.resolve(answered(201, { proposal: 7, version: 1, items: 1 })),
      () => new Promise<Response>((resolve) => (arrive = resolve)),
      () => Promise.resolve(answered(200, { proposal: 8, version: 2, items: 1 })),
    ];
    vi.stubGlobal(
      "fetch",
      vi.fn((request: Request) => {
        urls.push(new URL(request.url).pathname);
        return answers.shift()?.();
      }),
    );
    const { result, states } = setting();
    act(() => result.current.decide(ORDER));
    await waitFor(() => expect(result.current.deeds[0]?.state).toBe("saved"));
    act(() => result.current.decide(SECOND));
    act(() => expect(result.current.undo()).toBe(true));
    expect(states()).toEqual(["proposed", "in_review", "in_review"]);
    await waitFor(() => expect(urls).toHaveLength(2));
    act(() => arrive(answered(201, { proposal: 8, version: 1, items: 1 })));
    await waitFor(() => expect(result.current.deeds[0]?.state).toBe("undone"));
    expect(urls[2]).toMatch(/\/proposals\/8\/withdraw$/);
    expect(result.current.deeds.map(({ state }) => state)).toEqual(["undone", "saved"]);
    expect(states()).toEqual(["proposed", "in_review", "in_review"]);
  });

  it("has nothing to take back where nothing was done", () => {
    expect(setting().result.current.undo()).toBe(false);
  });

  it("is sent again under the same key when its answer was lost", async () => {
    const keys: (string | null)[] = [];
    const answers = [
      () => Promise.reject(new TypeError("Failed to fetch")),
      () => Promise.resolve(answered(201, { proposal: 9, version: 1, items: 1 })),
    ];
    vi.stubGlobal(
      "fetch",
      vi.fn((request: Request) => {
        keys.push(request.headers.get("Idempotency-Key"));
        return answers.shift()?.();
      }),
    );
    const { result, states } = setting();
    render(<Notices />);
    act(() => result.current.decide(ORDER));
    const again = await screen.findByRole("button", { name: text("kit.retry") });
    expect(states()?.[0]).toBe("in_review");
    act(() => again.click());
    await waitFor(() => expect(result.current.deeds.map(({ state }) => state)).toEqual(["saved"]));
    expect(keys).toHaveLength(2);
    expect(keys[1]).toBe(keys[0]);
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
