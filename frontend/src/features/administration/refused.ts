import type { Problem } from "@/api/problem";
import { text } from "@/texts/text";
import { notify } from "@/ui/notices";

/** Says what the server refused; where somebody else was faster, with a way to load again. */
export function refused(problem: Problem, again: () => void): void {
  const stale = problem.status === 409;
  notify({
    tone: "rejected",
    title: problem.title,
    detail: stale ? `${problem.detail}. ${text("admin.staleShort")}` : problem.detail,
    action: stale ? { label: text("admin.again"), run: again } : undefined,
  });
}
