import { createRouter } from "@tanstack/react-router";
import { createQueryClient } from "./client";
import { rootRoute, shellRoute } from "./root";
import { administrationRoutes } from "./routes/administration";
import { checkerRoutes } from "./routes/checker";
import { dashboardRoutes } from "./routes/dashboard";
import { missingRoute } from "./routes/missing";
import { reconRoutes } from "./routes/recons";
import { runRoutes } from "./routes/runs";
import { outside, sessionRoutes } from "./routes/session";
import { workstationRoutes } from "./routes/workstation";
import { parseSearch, stringifySearch } from "@/lib/parameters";

export const client = createQueryClient(() => {
  client.removeQueries({ queryKey: ["me"] });
  void router.invalidate();
});

const routes = rootRoute.addChildren([
  ...outside,
  shellRoute.addChildren([
    ...workstationRoutes,
    ...checkerRoutes,
    ...dashboardRoutes,
    ...administrationRoutes,
    ...runRoutes,
    ...reconRoutes,
    ...sessionRoutes,
    missingRoute,
  ]),
]);

export const router = createRouter({
  routeTree: routes,
  context: { client },
  parseSearch,
  stringifySearch,
  defaultPreload: "intent",
  scrollRestoration: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
