import type { ActionId } from "@/hotkeys/actions";
import { useHotkeys } from "@/hotkeys/HotkeyProvider";
import { text, textOf } from "@/texts/text";
import { Kbd } from "@/ui/Kbd";
import { Confidence, Nothing } from "@/ui/values";
import type { Candidate } from "./detail";
import type { Deciding } from "./useDeciding";

const DIGITS: readonly ActionId[] = ["decide.reason1", "decide.reason2", "decide.reason3"];

/** Up to three reasons, each with its confidence and what that is worth; a digit takes one. */
export function Reasons({ candidates, deciding }: { candidates: readonly Candidate[]; deciding: Deciding }) {
  const take = (index: number) => {
    const candidate = candidates[index];
    if (candidate === undefined) return;
    deciding.take(index === 0 ? undefined : { reason: candidate.reason, resolution: null });
  };
  useHotkeys(Object.fromEntries(DIGITS.map((action, index) => [action, () => take(index)])), {
    enabled: deciding.enabled,
  });
  const chosen = deciding.alternative?.reason ?? candidates[0]?.reason;
  return (
    <section className="reasons" aria-label={text("break.reasons")}>
      {candidates.map((candidate, index) => {
        const action = DIGITS[index];
        return (
          <button
            key={candidate.reason}
            type="button"
            className="reasons__one"
            title={candidate.name}
            aria-pressed={candidate.reason === chosen}
            disabled={!deciding.enabled}
            onClick={() => take(index)}
          >
            {action !== undefined && <Kbd action={action} />}
            <span className="reasons__name">
              {textOf("reason", candidate.reason)}
              <span className="faint small"> {functional(candidate.functional)}</span>
            </span>
            <span className="reasons__sure">
              {candidate.confidence === null ? <Nothing /> : <Confidence value={candidate.confidence} />}
            </span>
            <span className="reasons__worth">
              <strong>{textOf("worth", candidate.worth)}</strong> {candidate.words}
            </span>
          </button>
        );
      })}
    </section>
  );
}

function functional(value: boolean | null): string {
  if (value === null) return "";
  return text(value ? "decide.functional" : "decide.nonFunctional");
}
