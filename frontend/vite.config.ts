import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The BFF that `npm run dev` talks to; the built files are served by the BFF itself.
const bff = process.env["GREENAI_BFF_URL"] ?? "http://127.0.0.1:8000";

const proxy = { "/api": { target: bff, changeOrigin: false } };
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'";

export default defineConfig({
  base: "/",
  plugins: [react()],
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  server: { proxy },
  // The built files as the BFF serves them: under its policy, which refuses inline scripts and styles.
  preview: { proxy, headers: { "Content-Security-Policy": POLICY } },
  build: {
    outDir: "dist",
    manifest: "manifest.json",
    target: "es2023",
    // Nothing becomes a data: address or an inline script, so that a strict content security policy holds.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssMinify: true,
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing/setup.ts"],
    restoreMocks: true,
  },
});
