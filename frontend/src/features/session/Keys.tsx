import { useEffect, useState } from "react";
import { ACTION_IDS, type ActionId, ACTIONS, conflicts, keysOf, type Overrides } from "@/hotkeys/actions";
import { useOverrides } from "@/hotkeys/HotkeyProvider";
import { shown, strokeOf } from "@/hotkeys/strokes";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { usePreferences } from "./preferences";
import "./session.css";

const SCOPES = ["decide", "list", "checker", "everywhere"] as const;
const TITLES = {
  everywhere: "help.everywhere",
  list: "help.list",
  decide: "help.decide",
  checker: "help.checker",
} as const;
const PAUSE = 900;

/** Every shortcut by where it works, each of which can be given another key. Drawn from the registry alone. */
export function Keys() {
  const overrides = useOverrides();
  const { change } = usePreferences();
  const [asking, setAsking] = useState<ActionId>();
  const [taken, setTaken] = useState<{ action: ActionId; keys: string; by: ActionId }>();

  const give = (action: ActionId, keys: string) => {
    setAsking(undefined);
    const by = conflicts(action, keys, overrides)[0];
    setTaken(by === undefined ? undefined : { action, keys, by });
    if (by === undefined) change((before) => ({ keys: { ...before.keys, [action]: [keys] } }));
  };
  const reset = (action: ActionId) => {
    setTaken(undefined);
    change((before) => ({ keys: without(before.keys ?? {}, action) }));
  };

  return (
    <div className="keys">
      {SCOPES.map((scope) => (
        <section key={scope} className="keys__group" aria-label={text(TITLES[scope])}>
          <h3>{text(TITLES[scope])}</h3>
          {ACTION_IDS.filter((action) => ACTIONS[action].scope === scope).map((action) => (
            <div key={action} className="keys__row">
              <span>{text(ACTIONS[action].label)}</span>
              {asking === action ? (
                <Capture onKeys={(keys) => give(action, keys)} onCancel={() => setAsking(undefined)} />
              ) : (
                <Present action={action} overrides={overrides} />
              )}
              {overrides[action] === undefined ? (
                <Button
                  look="quiet"
                  aria-label={text("help.changeOf", { action: text(ACTIONS[action].label) })}
                  onClick={() => setAsking(action)}
                >
                  {text("help.change")}
                </Button>
              ) : (
                <Button look="quiet" onClick={() => reset(action)}>
                  {text("help.reset")}
                </Button>
              )}
              {taken?.action === action && (
                <p className="keys__taken" role="alert">
                  {text("help.taken", { keys: shown(taken.keys), action: text(ACTIONS[taken.by].label) })}
                </p>
              )}
            </div>
          ))}
        </section>
      ))}
    </div>
  );
}

function without(keys: Record<string, string[]>, action: ActionId): Record<string, string[]> {
  return Object.fromEntries(Object.entries(keys).filter(([name]) => name !== action));
}

function Present({ action, overrides }: { action: ActionId; overrides: Overrides }) {
  return (
    <span className="row">
      {keysOf(action, overrides).map((keys) => (
        <kbd key={keys} className="kbd">
          {shown(keys)}
        </kbd>
      ))}
    </span>
  );
}

/** Listens for the next key, or two in a row. */
function Capture({ onKeys, onCancel }: { onKeys: (keys: string) => void; onCancel: () => void }) {
  const [first, setFirst] = useState<string>();
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const stroke = strokeOf(event);
      if (stroke === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      if (stroke === "Escape") onCancel();
      else if (first === undefined) setFirst(stroke);
      else onKeys(`${first} ${stroke}`);
    };
    document.addEventListener("keydown", listen, { capture: true });
    return () => document.removeEventListener("keydown", listen, { capture: true });
  }, [first, onKeys, onCancel]);
  useEffect(() => {
    if (first === undefined) return undefined;
    const timer = setTimeout(() => onKeys(first), PAUSE);
    return () => clearTimeout(timer);
  }, [first, onKeys]);
  return (
    <span className="kbd" role="status">
      {first === undefined ? text("help.press") : `${shown(first)} …`}
    </span>
  );
}
