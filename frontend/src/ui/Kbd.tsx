import type { ActionId } from "@/hotkeys/actions";
import { useKeyOf } from "@/hotkeys/HotkeyProvider";

/** The key of an action, as the person has it. */
export function Kbd({ action }: { action: ActionId }) {
  return <kbd className="kbd">{useKeyOf()(action)}</kbd>;
}
