import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { isOver } from "./queries";

export const STAGES = ["ingest", "compare", "attribute", "discriminate", "decide"] as const;
export type StageName = (typeof STAGES)[number];

/** A stage as the live line tells it. */
export interface LiveStage {
  stage: string;
  attempts: number;
  started_at: string;
  finished_at: string | null;
  rows_in: number | null;
  rows_out: number | null;
  error: string | null;
}

/** One event of the live line of a run. */
export interface LiveRun {
  run: number;
  state: string;
  error: string | null;
  stages: LiveStage[];
  progress: { stage: string; step: string | null; rows: number | null; share: number | null } | null;
}

/** What an event holds; undefined for what is no progress, such as that of a run that is gone. */
export function readEvent(data: string): LiveRun | undefined {
  const read = JSON.parse(data) as Partial<LiveRun>;
  return Array.isArray(read.stages) && typeof read.state === "string" ? (read as LiveRun) : undefined;
}

/** Rows per second; undefined before there is anything to divide. */
export function rate(rows: number | null | undefined, seconds: number | undefined): number | undefined {
  if (rows === null || rows === undefined || seconds === undefined || seconds <= 0) return undefined;
  return rows / seconds;
}

/** Where a run is, told by the server as it happens; what depends on the run is loaded anew at its end. */
export function useLive(
  recon: string,
  run: number,
  state: string,
): { live: LiveRun | undefined; broken: boolean } {
  const client = useQueryClient();
  const [live, setLive] = useState<LiveRun>();
  const [broken, setBroken] = useState(false);
  const over = isOver(state);
  useEffect(() => {
    if (over) return undefined;
    const line = new EventSource(`/api/v1/recons/${encodeURIComponent(recon)}/runs/${run}/events`);
    const told = (event: MessageEvent<string>) => {
      setBroken(false);
      setLive(readEvent(event.data));
    };
    const end = (event: MessageEvent<string>) => {
      told(event);
      line.close();
      for (const what of ["runs", "recons", "breaks"]) void client.invalidateQueries({ queryKey: [what] });
    };
    line.addEventListener("progress", told);
    line.addEventListener("end", end);
    line.addEventListener("error", () => setBroken(true));
    return () => line.close();
  }, [recon, run, over, client]);
  return { live, broken: broken && !over };
}

/** The present moment, each second while somebody waits. */
export function useSeconds(on: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!on) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [on]);
  return now;
}
