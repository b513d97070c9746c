import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { workstationSearch } from "@/features/workstation/address";
import { shellRoute } from "../root";

const home = createRoute({
  getParentRoute: () => shellRoute,
  path: "/",
  component: lazyRouteComponent(() => import("@/features/workstation/HomePage"), "HomePage"),
});

const workstation = createRoute({
  getParentRoute: () => shellRoute,
  path: "/recons/$recon/breaks",
  validateSearch: workstationSearch,
  component: lazyRouteComponent(() => import("@/components/ReconWorkstation"), "ReconWorkstation"),
});

export const workstationRoutes = [home, workstation] as const;
