import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { reconSearch } from "@/features/recons/address";
import { shellRoute } from "../root";

const recons = createRoute({
  getParentRoute: () => shellRoute,
  path: "/recons",
  component: lazyRouteComponent(() => import("@/features/recons/ReconsPage"), "ReconsPage"),
});

const fresh = createRoute({
  getParentRoute: () => shellRoute,
  path: "/recons/new",
  component: lazyRouteComponent(() => import("@/features/recons/NewReconPage"), "NewReconPage"),
});

const recon = createRoute({
  getParentRoute: () => shellRoute,
  path: "/recons/$recon",
  validateSearch: reconSearch,
  component: lazyRouteComponent(() => import("@/features/recons/ReconPage"), "ReconPage"),
});

const edited = createRoute({
  getParentRoute: () => shellRoute,
  path: "/recons/$recon/edit",
  validateSearch: reconSearch,
  component: lazyRouteComponent(() => import("@/features/recons/EditPage"), "EditPage"),
});

export const reconRoutes = [recons, fresh, recon, edited] as const;
