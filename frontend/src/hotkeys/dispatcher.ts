import { ACTIONS, type ActionId, keysOf, type Overrides } from "./actions";
import { isTyping, strokeOf } from "./strokes";

export type Handlers = Partial<Record<ActionId, () => void>>;

interface Layer {
  handlers: () => Handlers;
  /** A modal layer (a dialog) hides the layers below it. */
  modal: boolean;
}

const PATIENCE = 1200;
/** What these do in a field is the field's matter: Mod+a selects its text, not the list. */
const EDITING = new Set(["a", "c", "v", "x", "y", "z", "Shift+z"].map((key) => `Mod+${key}`));

/** Sends keys to the newest layer that has an action for them. One per page; components register layers. */
export class Dispatcher {
  private overrides: Overrides = {};
  private readonly layers: Layer[] = [];
  private pending = "";
  private since = 0;

  /** Takes the keys the person has changed. */
  rebind(overrides: Overrides): void {
    this.overrides = overrides;
  }

  register(layer: Layer): () => void {
    this.layers.push(layer);
    return () => {
      const at = this.layers.indexOf(layer);
      if (at >= 0) this.layers.splice(at, 1);
    };
  }

  readonly handle = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const stroke = strokeOf(event);
    if (stroke === undefined) return;
    const typing = isTyping(event);
    if (typing && (EDITING.has(stroke) || (!stroke.startsWith("Mod+") && stroke !== "Escape"))) return;
    // What has the focus keeps the keys by which it is worked: a button its Enter and Space, an open menu all of its own.
    if (this.belongsToTarget(event, stroke)) return;
    const waited = this.pending !== "" && event.timeStamp - this.since < PATIENCE;
    const candidates = waited ? [`${this.pending} ${stroke}`, stroke] : [stroke];
    this.pending = "";
    for (const keys of candidates) {
      const handler = this.find(keys, event.repeat);
      if (handler !== undefined) {
        event.preventDefault();
        handler();
        return;
      }
      if (this.begins(keys)) {
        this.pending = keys;
        this.since = event.timeStamp;
        return;
      }
    }
  };

  private belongsToTarget(event: KeyboardEvent, stroke: string): boolean {
    const target = event.target;
    if (!(target instanceof Element)) return false;
    if (target.closest('[role="menu"], [role="listbox"], [role="combobox"]') !== null) return true;
    const arrows = stroke.startsWith("Arrow") || stroke === "Home" || stroke === "End";
    if (arrows) return target.closest('[role="tablist"], [role="separator"], [role="radiogroup"]') !== null;
    return false;
  }

  private *live(): Generator<Handlers> {
    for (let at = this.layers.length - 1; at >= 0; at -= 1) {
      const layer = this.layers[at];
      if (layer === undefined) continue;
      yield layer.handlers();
      if (layer.modal) return;
    }
  }

  private find(keys: string, held: boolean): (() => void) | undefined {
    for (const handlers of this.live()) {
      for (const [name, handler] of Object.entries(handlers)) {
        const action = name as ActionId;
        if (!keysOf(action, this.overrides).includes(keys)) continue;
        // A key that is held moves on and on through a list, but decides once.
        return held && ACTIONS[action].scope !== "list" ? ignore : handler;
      }
    }
    return undefined;
  }

  private begins(keys: string): boolean {
    for (const handlers of this.live()) {
      for (const action of Object.keys(handlers)) {
        if (keysOf(action as ActionId, this.overrides).some((one) => one.startsWith(`${keys} `))) return true;
      }
    }
    return false;
  }
}

function ignore(): void {
  // The key is taken, for it was pressed for us; it does nothing more.
}
