import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { dashboardSearch } from "@/features/dashboard/address";
import { shellRoute } from "../root";

const figures = createRoute({
  getParentRoute: () => shellRoute,
  path: "/dashboard",
  validateSearch: dashboardSearch,
  component: lazyRouteComponent(() => import("@/features/dashboard/DashboardPage"), "DashboardPage"),
});

export const dashboardRoutes = [figures] as const;
