import createClient, { type Middleware } from "openapi-fetch";
import { Problem, problemOf, unreachable } from "./problem";
import type { paths } from "./schema";

const SAFE = new Set(["GET", "HEAD"]);

let csrf: string | undefined;

/** Keeps the CSRF token of the session, which `GET /me` brings; it goes with every request that changes something. */
export function keepToken(token: string | undefined): void {
  csrf = token;
}

/** A new key for one intention: the same intention sent twice is done once. */
export function intention(): string {
  // Not `randomUUID`, which a page has only over https and on localhost.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const guard: Middleware = {
  onRequest({ request }) {
    if (SAFE.has(request.method)) return;
    if (csrf !== undefined) request.headers.set("X-CSRF-Token", csrf);
    if (!request.headers.has("Idempotency-Key")) request.headers.set("Idempotency-Key", intention());
  },
};

/** The BFF, typed by its own OpenAPI document. Call it through `answer`. */
export const api = createClient<paths>({ baseUrl: "", fetch: (request) => globalThis.fetch(request) });
api.use(guard);

interface Outcome<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** What a call brought, or a `Problem` thrown: refused by the server, or never reached it. */
export async function answer<T>(call: Promise<Outcome<T>>): Promise<T> {
  let outcome: Outcome<T>;
  try {
    outcome = await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw error instanceof Problem ? error : unreachable();
  }
  if (!outcome.response.ok) throw problemOf(outcome.response, outcome.error);
  // Answers without a body (204) have no data, and callers of them expect none.
  return outcome.data as T;
}
