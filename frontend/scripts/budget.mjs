// Fails when what the browser must load before the first page shows weighs more than its budget (compressed).
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT = 200 * 1024;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("manifest.json", dist), "utf8"));
const seen = new Set();

function follow(name) {
  const chunk = manifest[name];
  if (seen.has(chunk.file)) return;
  seen.add(chunk.file);
  for (const next of chunk.imports ?? []) follow(next);
}

const entry = Object.keys(manifest).find((name) => manifest[name].isEntry);
follow(entry);
const size = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;
const first = [...seen].reduce((sum, file) => sum + size(file), 0);
const all = Object.values(manifest)
  .filter((chunk) => chunk.file.endsWith(".js"))
  .map((chunk) => [chunk.file, size(chunk.file)]);
for (const [file, bytes] of all) {
  console.log(`${(bytes / 1024).toFixed(1).padStart(7)} kB  ${seen.has(file) ? "first" : "later"}  ${file}`);
}
console.log(`${(first / 1024).toFixed(1).padStart(7)} kB  first script load, of ${LIMIT / 1024} kB allowed`);

// What somebody loads who comes straight to the workstation must keep to the same limit.
const page = Object.keys(manifest).find((name) => name.endsWith("components/ReconWorkstation.tsx"));
follow(page);
const workstation = [...seen].reduce((sum, file) => sum + size(file), 0);
console.log(`${(workstation / 1024).toFixed(1).padStart(7)} kB  with the workstation`);
if (Math.max(first, workstation) > LIMIT) process.exit(1);

// A strict content security policy refuses inline scripts and styles: none may be in the page.
const html = readFileSync(new URL("index.html", dist), "utf8");
if (/<style|style="|<script(?![^>]*\ssrc=)/.test(html)) {
  console.error("dist/index.html holds an inline script or style");
  process.exit(1);
}
