import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { checkerSearch } from "@/features/checker/address";
import { shellRoute } from "../root";

const desk = createRoute({
  getParentRoute: () => shellRoute,
  path: "/check",
  validateSearch: checkerSearch,
  component: lazyRouteComponent(() => import("@/features/checker/CheckerPage"), "CheckerPage"),
});

export const checkerRoutes = [desk] as const;
