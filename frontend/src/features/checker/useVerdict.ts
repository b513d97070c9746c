import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { Problem } from "@/api/problem";
import { text } from "@/texts/text";
import { notify } from "@/ui/notices";

/** What the desk does with a verdict: the next entry is opened at once, the verdict is sent in the background. */
export interface Decided {
  /** Leaves the entry and opens the next one. */
  leave: () => void;
  /** Puts the entry back into the list, when the server refused. */
  comeBack: () => void;
  /** Opens the entry again. */
  reopen: () => void;
}

interface Given<T> {
  send: () => Promise<T>;
  /** What is said when it was taken. */
  told: (answer: T) => string;
  /** What it was about. */
  about: string;
}

const LISTS = ["proposals", "rule-proposals", "changes", "connections", "breaks", "recons", "statistics"];

/** Sends verdicts; a refusal is told, and brings the entry back without moving who is already reading the next one. */
export function useVerdict({ leave, comeBack, reopen }: Decided): <T>(given: Given<T>) => void {
  const client = useQueryClient();
  return useCallback(
    <T>({ send, told, about }: Given<T>) => {
      leave();
      send()
        .then((answer) => notify({ tone: "passed", title: told(answer), detail: about }))
        .catch((error: unknown) => {
          comeBack();
          const problem = error instanceof Problem ? error : undefined;
          notify({
            tone: "rejected",
            title: problem?.title ?? text("checker.failed"),
            detail: [about, problem?.detail ?? String(error), problem?.remedy].filter(Boolean).join(" · "),
            action: { label: text("checker.reopen"), run: reopen },
          });
        })
        .finally(() => {
          for (const list of LISTS) void client.invalidateQueries({ queryKey: [list] });
        });
    },
    [client, leave, comeBack, reopen],
  );
}
