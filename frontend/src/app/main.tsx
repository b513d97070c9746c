import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "@/ui/kit.css";
import { rememberedHere } from "@/features/session/preferences";
import { App } from "./App";
import { dress } from "./theme";

const remembered = rememberedHere();
dress(remembered.theme ?? "system", remembered.density ?? "compact")();

const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
