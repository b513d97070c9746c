import type { Density } from "@/ui/density";

export type Theme = "system" | "light" | "dark";

const dark = window.matchMedia("(prefers-color-scheme: dark)");

export function resolved(theme: Theme): "light" | "dark" {
  if (theme !== "system") return theme;
  return dark.matches ? "dark" : "light";
}

/** Dresses the page; returns how to stop following the system. */
export function dress(theme: Theme, density: Density): () => void {
  const apply = () => {
    document.documentElement.dataset["theme"] = resolved(theme);
    document.documentElement.dataset["density"] = density;
  };
  apply();
  dark.addEventListener("change", apply);
  return () => dark.removeEventListener("change", apply);
}
