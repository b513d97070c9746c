import { focusManager, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import { type ReactNode, Suspense, useEffect } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { useMe, useSamePerson } from "./session";

function signedIn(names: string[]) {
  const fetch = vi.fn(() => {
    const me = { name: names.shift(), csrf: "token", permissions: {}, roles: [] };
    return Promise.resolve(
      new Response(JSON.stringify(me), { headers: { "content-type": "application/json" } }),
    );
  });
  vi.stubGlobal("location", new URL("http://127.0.0.1/"));
  vi.stubGlobal("fetch", fetch);
  const client = new QueryClient();
  const changed = vi.fn();
  const shown = vi.fn<(name: string) => void>();
  const useWatched = () => {
    useSamePerson(changed);
    const { name } = useMe();
    useEffect(() => {
      shown(name);
    }, [name]);
  };
  renderHook(useWatched, {
    wrapper: ({ children }: { children: ReactNode }) => (
      <QueryClientProvider client={client}>
        <Suspense>{children}</Suspense>
      </QueryClientProvider>
    ),
  });
  const comeBack = () =>
    act(() => {
      focusManager.setFocused(false);
      focusManager.setFocused(true);
    });
  return { fetch, shown, changed, comeBack };
}

describe("who is signed in", () => {
  afterEach(() => focusManager.setFocused(undefined));

  it("is asked anew when one comes back to the page, which begins anew for another person", async () => {
    const { fetch, shown, changed, comeBack } = signedIn(["cleo", "cleo", "ann"]);
    await waitFor(() => expect(shown).toHaveBeenCalledWith("cleo"));
    comeBack();
    await waitFor(() => expect(fetch).toHaveBeenCalledTimes(2));
    expect(changed).not.toHaveBeenCalled();
    comeBack();
    await waitFor(() => expect(changed).toHaveBeenCalledTimes(1));
  });
});
