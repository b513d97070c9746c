import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { comparisonSearch, runSearch, runsSearch } from "@/features/runs/address";
import { shellRoute } from "../root";

const list = lazyRouteComponent(() => import("@/features/runs/RunsPage"), "RunsPage");
const number = ({ recon, run }: { recon: string; run: string }) => ({ recon, run: Number(run) });
const text = ({ recon, run }: { recon: string; run: number }) => ({ recon, run: String(run) });

const runs = createRoute({
  getParentRoute: () => shellRoute,
  path: "/runs",
  validateSearch: runsSearch,
  component: list,
});

const reconRuns = createRoute({
  getParentRoute: () => shellRoute,
  path: "/recons/$recon/runs",
  validateSearch: runsSearch,
  component: list,
});

const run = createRoute({
  getParentRoute: () => shellRoute,
  path: "/recons/$recon/runs/$run",
  params: { parse: number, stringify: text },
  validateSearch: runSearch,
  component: lazyRouteComponent(() => import("@/features/runs/RunPage"), "RunPage"),
});

const comparison = createRoute({
  getParentRoute: () => shellRoute,
  path: "/recons/$recon/runs/$run/comparison",
  params: { parse: number, stringify: text },
  validateSearch: comparisonSearch,
  component: lazyRouteComponent(() => import("@/features/runs/ComparisonPage"), "ComparisonPage"),
});

export const runRoutes = [runs, reconRuns, run, comparison] as const;
