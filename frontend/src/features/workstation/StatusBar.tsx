import type { ActionId } from "@/hotkeys/actions";
import { ACTIONS } from "@/hotkeys/actions";
import { text } from "@/texts/text";
import { Kbd } from "@/ui/Kbd";
import { useDeeds } from "./decisions";
import type { Deciding } from "./useDeciding";

const SHOWN: readonly ActionId[] = [
  "decide.accept",
  "decide.override",
  "decide.reject",
  "decide.ask",
  "decide.skip",
  "decide.undo",
  "list.select",
  "decide.cause",
  "assign.mine",
  "app.help",
];

interface StatusBarProps {
  recon: string;
  deciding: Deciding;
  onLog: () => void;
}

/** The keys that decide, and what was done last. */
export function StatusBar({ recon, deciding, onLog }: StatusBarProps) {
  const deeds = useDeeds(recon);
  const saving = deeds.filter((deed) => deed.state === "saving" || deed.state === "undoing").length;
  const done = deeds.filter((deed) => deed.state === "saved").reduce((sum, deed) => sum + deed.count, 0);
  return (
    <footer className="bar">
      {SHOWN.filter((action) => deciding.enabled || action === "app.help" || action === "list.select").map(
        (action) => (
          <span key={action} className="bar__key">
            <Kbd action={action} />
            {text(ACTIONS[action].label)}
          </span>
        ),
      )}
      <span className="desk__push" />
      <button type="button" className="bar__log" onClick={onLog}>
        {saving > 0
          ? text("deed.saving", { n: saving })
          : done > 0
            ? text("deed.done", { n: done })
            : text("deed.log")}
      </button>
    </footer>
  );
}
