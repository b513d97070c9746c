import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";

/** One break with all that a person decides by. */
export function breakQuery(recon: string, id: string) {
  return queryOptions({
    queryKey: ["breaks", recon, "break", id],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/recons/{recon}/breaks/{break}", { params: { path: { recon, break: id } }, signal }),
      ),
    staleTime: 60_000,
  });
}

/** A cause with examples, and with the exceptions that are still open. */
export function causeQuery(recon: string, cause: string) {
  return queryOptions({
    queryKey: ["breaks", recon, "causes", cause],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/recons/{recon}/causes/{cause}", { params: { path: { recon, cause } }, signal }),
      ),
    staleTime: 60_000,
  });
}
