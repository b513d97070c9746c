import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { administrationSearch } from "@/features/administration/address";
import { shellRoute } from "../root";

const administration = createRoute({
  getParentRoute: () => shellRoute,
  path: "/administration",
  validateSearch: administrationSearch,
  component: lazyRouteComponent(
    () => import("@/features/administration/AdministrationPage"),
    "AdministrationPage",
  ),
});

export const administrationRoutes = [administration] as const;
