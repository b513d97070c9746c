import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type ProblemShown, validationQuery } from "./queries";

const PAUSE = 350;
const NONE: readonly ProblemShown[] = [];

/** A value once it has stood still for a moment. */
export function useSettled<T>(value: T, pause = PAUSE): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pause);
    return () => clearTimeout(timer);
  }, [value, pause]);
  return settled;
}

export interface Checked {
  /** Whether what stands there now can be used; undefined while that is not known. */
  valid: boolean | undefined;
  problems: readonly ProblemShown[];
  /** The version that says the same already. */
  version: number | null;
  recon: string | null;
}

/** What is wrong with a definition, a moment after it was typed. */
export function useValidation(document: string): Checked {
  const settled = useSettled(document);
  const { data, isPlaceholderData } = useQuery({
    ...validationQuery(settled),
    enabled: settled.trim() !== "",
    placeholderData: keepPreviousData,
  });
  const current = settled === document && !isPlaceholderData;
  return {
    valid: current ? data?.valid : undefined,
    problems: data?.problems ?? NONE,
    version: data?.version ?? null,
    recon: data?.recon ?? null,
  };
}

/** The problems of one place of a definition and below it. */
export function problemsAt(problems: readonly ProblemShown[], place: string): readonly ProblemShown[] {
  return problems.filter(
    ({ path }) => path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`),
  );
}
