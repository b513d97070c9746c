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
if (first > LIMIT) process.exit(1);

// A strict content security policy refuses inline scripts and styles: none may be in the page.
const page = readFileSync(new URL("index.html", dist), "utf8");
if (/<style|style="|<script(?![^>]*\ssrc=)/.test(page)) {
  console.error("dist/index.html holds an inline script or style");
  process.exit(1);
}
