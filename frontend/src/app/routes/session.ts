import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { loginSearch, rootRoute, shellRoute } from "../root";

const login = createRoute({
  getParentRoute: () => rootRoute,
  path: "/login",
  validateSearch: loginSearch,
  component: lazyRouteComponent(() => import("@/features/session/LoginPage"), "LoginPage"),
});

const password = createRoute({
  getParentRoute: () => rootRoute,
  path: "/password",
  component: lazyRouteComponent(() => import("@/features/session/PasswordPage"), "PasswordPage"),
});

const preferences = createRoute({
  getParentRoute: () => shellRoute,
  path: "/preferences",
  component: lazyRouteComponent(() => import("@/features/session/PreferencesPage"), "PreferencesPage"),
});

export const outside = [login, password] as const;
export const sessionRoutes = [preferences] as const;
