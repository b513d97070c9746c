import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { answer, api, keepToken } from "@/api/client";
import type { components } from "@/api/schema";

export type Me = components["schemas"]["Me"];

/** Who is signed in. Brings the CSRF token of the session. Fails with 401 when nobody is. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }): Promise<Me> => {
    const me = await answer(api.GET("/api/v1/me", { signal }));
    keepToken(me.csrf ?? undefined);
    return me;
  },
  staleTime: 5 * 60_000,
  // Another tab may have signed somebody else in, and roles may have been given or taken.
  refetchOnWindowFocus: "always",
  retry: false,
});

/** Who is signed in; only below the shell, which is shown to nobody else. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

/** Tells when another person has signed in beside this page: what it holds is of somebody else. */
export function useSamePerson(changed: () => void): void {
  const { name } = useMe();
  const [first] = useState(name);
  useEffect(() => {
    if (name !== first) changed();
  }, [name, first, changed]);
}

/** Whether somebody holds a permission, for a recon or, without one, for any. */
function holds(me: Me, permission: string, recon?: string): boolean {
  const recons = me.permissions[permission];
  if (recons === undefined) return false;
  return recons === null || recon === undefined || recons.includes(recon);
}

/** `holds` for who is signed in. The server decides; this only spares people vain tries. */
export function useMay(): (permission: string, recon?: string) => boolean {
  const me = useMe();
  return useCallback((permission: string, recon?: string) => holds(me, permission, recon), [me]);
}
