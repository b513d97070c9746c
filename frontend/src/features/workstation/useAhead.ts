import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { breakQuery } from "@/features/session/breaks";
import { nextWaiting } from "./patches";
import { type BreakLine, waits } from "./types";

const PAUSE = 120;

function ignore(): void {
  // Who opens the break asks again, and is told what is wrong.
}

/** Fetches the evidence of the break that comes after the open one, so that a decision shows it at once. */
export function useAhead(recon: string, rows: readonly BreakLine[], active: string | undefined): void {
  const client = useQueryClient();
  useEffect(() => {
    const at = rows.findIndex((line) => line.break_id === active);
    if (at < 0) return undefined;
    const next = nextWaiting(rows, at, waits);
    if (next === undefined) return undefined;
    const timer = setTimeout(() => {
      client.query(breakQuery(recon, next.break_id)).catch(ignore);
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [client, recon, rows, active]);
}
