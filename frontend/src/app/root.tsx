import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, Outlet, redirect } from "@tanstack/react-router";
import { Problem } from "@/api/problem";
import { preferencesQuery } from "@/features/session/preferences";
import { meQuery } from "@/features/session/session";
import { one, present } from "@/lib/search";
import { Notices } from "@/ui/notices";
import { Person } from "./Person";
import { Broken } from "./Trouble";
import { Shell } from "./shell/Shell";

interface Context {
  client: QueryClient;
}

/** Above every page. */
export const rootRoute = createRootRouteWithContext<Context>()({
  component: () => (
    <Person>
      <Outlet />
      <Notices />
    </Person>
  ),
  errorComponent: Broken,
});

/** Above every page that needs somebody signed in: others are sent to sign in, and come back. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "shell",
  beforeLoad: async ({ context, location }) => {
    try {
      const me = await context.client.query({ ...meQuery, staleTime: "static" });
      if (me.must_change) throw redirect({ to: "/password" });
      await context.client.query({ ...preferencesQuery, staleTime: "static" });
    } catch (error) {
      if (error instanceof Problem && error.status === 401) {
        throw redirect({
          to: "/login",
          search: present({ to: location.href === "/" ? undefined : location.href }),
        });
      }
      throw error;
    }
  },
  component: Shell,
  errorComponent: Broken,
});

export const loginSearch = (search: Record<string, unknown>) => {
  const to = one(search, "to");
  // Only addresses of our own: what follows a login must not lead elsewhere.
  return present({ to: to?.startsWith("/") === true && !to.startsWith("//") ? to : undefined });
};
