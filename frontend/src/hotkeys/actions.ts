import type { PlainKey } from "@/texts/text";

export interface Action {
  /** What it does, as `?` shows it. */
  label: PlainKey;
  /** Where it works: the groups of the help page. */
  scope: "everywhere" | "list" | "decide" | "checker";
  /** Keys as shipped: `a`, `Shift+a`, `Mod+k`, or two strokes `g w`. The first is the one that is shown. */
  keys: readonly string[];
}

/** Every shortcut there is. Help, the status bar and the remapping page are drawn from this table. */
export const ACTIONS = {
  "app.help": { label: "keys.help", scope: "everywhere", keys: ["?"] },
  "app.search": { label: "keys.search", scope: "everywhere", keys: ["Mod+k"] },
  "app.theme": { label: "keys.theme", scope: "everywhere", keys: ["g t"] },
  "go.work": { label: "keys.goWork", scope: "everywhere", keys: ["g w"] },
  "go.check": { label: "keys.goCheck", scope: "everywhere", keys: ["g c"] },
  "go.runs": { label: "keys.goRuns", scope: "everywhere", keys: ["g r"] },
  "go.recons": { label: "keys.goRecons", scope: "everywhere", keys: ["g o"] },
  "go.dashboard": { label: "keys.goDashboard", scope: "everywhere", keys: ["g d"] },
  "go.administration": { label: "keys.goAdministration", scope: "everywhere", keys: ["g a"] },

  "list.next": { label: "keys.next", scope: "list", keys: ["j", "ArrowDown"] },
  "list.previous": { label: "keys.previous", scope: "list", keys: ["k", "ArrowUp"] },
  "list.first": { label: "keys.first", scope: "list", keys: ["Home"] },
  "list.last": { label: "keys.last", scope: "list", keys: ["End"] },
  "list.select": { label: "keys.select", scope: "list", keys: ["x"] },
  "list.selectAll": { label: "keys.selectAll", scope: "list", keys: ["Mod+a"] },
  "list.clear": { label: "keys.clear", scope: "list", keys: ["Escape"] },
  "list.filter": { label: "keys.filter", scope: "list", keys: ["/"] },
  "list.jump": { label: "keys.jump", scope: "list", keys: ["g k"] },
  "list.columns": { label: "keys.columns", scope: "list", keys: ["v"] },

  "decide.accept": { label: "keys.accept", scope: "decide", keys: ["a"] },
  "decide.override": { label: "keys.override", scope: "decide", keys: ["o"] },
  "decide.reject": { label: "keys.reject", scope: "decide", keys: ["r"] },
  "decide.ask": { label: "keys.ask", scope: "decide", keys: ["i"] },
  "decide.skip": { label: "keys.skip", scope: "decide", keys: ["s"] },
  "decide.undo": { label: "keys.undo", scope: "decide", keys: ["u"] },
  "decide.log": { label: "keys.log", scope: "decide", keys: ["l"] },
  "decide.cause": { label: "keys.acceptCause", scope: "decide", keys: ["Shift+a"] },
  "decide.reason1": { label: "keys.reason1", scope: "decide", keys: ["1"] },
  "decide.reason2": { label: "keys.reason2", scope: "decide", keys: ["2"] },
  "decide.reason3": { label: "keys.reason3", scope: "decide", keys: ["3"] },
  "decide.comment": { label: "keys.comment", scope: "decide", keys: ["c"] },
  "decide.undoOne": { label: "keys.undoOne", scope: "decide", keys: ["Shift+u"] },
  "assign.mine": { label: "keys.assignMine", scope: "decide", keys: ["m"] },
  "assign.open": { label: "keys.assign", scope: "decide", keys: ["Shift+m"] },

  "check.approve": { label: "keys.approve", scope: "checker", keys: ["a"] },
  "check.return": { label: "keys.return", scope: "checker", keys: ["r"] },
} as const satisfies Record<string, Action>;

export type ActionId = keyof typeof ACTIONS;

/** What a person has changed: action to keys. */
export type Overrides = Partial<Record<string, readonly string[]>>;

export const ACTION_IDS = Object.keys(ACTIONS) as ActionId[];

/** The keys of an action as this person has them. */
export function keysOf(action: ActionId, overrides: Overrides): readonly string[] {
  return overrides[action] ?? ACTIONS[action].keys;
}

/** The actions that would answer to the same keys in the same place. */
export function conflicts(action: ActionId, keys: string, overrides: Overrides): ActionId[] {
  const scope = ACTIONS[action].scope;
  return ACTION_IDS.filter((other) => {
    if (other === action) return false;
    const place = ACTIONS[other].scope;
    // The checker's keys and the maker's are never live at once; all others are.
    const apart = new Set([scope, place]);
    if (apart.has("checker") && apart.has("decide")) return false;
    return keysOf(other, overrides).some((one) => clash(one, keys));
  });
}

function clash(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other} `) || other.startsWith(`${one} `);
}
