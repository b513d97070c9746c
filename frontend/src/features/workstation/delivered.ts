import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { components } from "@/api/schema";

export type DeliveredRecord = components["schemas"]["DeliveredRecord"];
export type RawCell = components["schemas"]["RawCell"];
type DeliveredSide = components["schemas"]["DeliveredSide"];

/** Raw texts of a field, one for each row of its side; undefined where no column holds the field. */
export interface RawOf {
  a: readonly (string | null)[] | undefined;
  b: readonly (string | null)[] | undefined;
}

/** A record as its sources delivered it: read from files, so only when somebody asks. */
export function deliveredQuery(recon: string, id: string) {
  return queryOptions({
    queryKey: ["breaks", recon, "break", id, "delivered"],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/recons/{recon}/breaks/{break}/delivered", {
          params: { path: { recon, break: id } },
          signal,
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

/** What both sides say in the columns of a field. */
export function rawOf(record: DeliveredRecord, field: string): RawOf {
  return { a: texts(record.a, field), b: texts(record.b, field) };
}

/** The columns of a side's first row that no field is read from and that say something. */
export function unread(side: DeliveredSide | null): readonly RawCell[] {
  return (side?.rows[0] ?? []).filter((cell) => cell.fields.length === 0 && cell.text !== null);
}

function texts(side: DeliveredSide | null, field: string): readonly (string | null)[] | undefined {
  if (side === null) return undefined;
  const found = side.rows.flatMap((row) =>
    row.filter((cell) => cell.fields.includes(field)).map((cell) => cell.text),
  );
  return found.length === 0 ? undefined : found;
}
