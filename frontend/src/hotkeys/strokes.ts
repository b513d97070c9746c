/** Keyboard events as text: `a`, `Shift+a`, `Mod+k`, `?`. */

const NAMES: Partial<Record<string, string>> = { " ": "Space" };

const isApple = typeof navigator !== "undefined" && navigator.userAgent.includes("Mac");

/**
 * The stroke of an event; undefined while only a modifier is held. `Mod` is ⌘ on Apple machines, Ctrl elsewhere; what is
 * pressed with the other of the two belongs to the system.
 */
export function strokeOf(event: KeyboardEvent): string | undefined {
  const { key } = event;
  if (["Shift", "Control", "Alt", "Meta", "AltGraph", "Dead"].includes(key)) return undefined;
  if (isApple ? event.ctrlKey : event.metaKey) return undefined;
  const letter = key.length === 1 && /\p{L}/u.test(key);
  const name = NAMES[key] ?? (letter ? key.toLowerCase() : key);
  const parts: string[] = [];
  if (isApple ? event.metaKey : event.ctrlKey) parts.push("Mod");
  if (event.altKey) parts.push("Alt");
  // Signs such as `?` already say that Shift was held; letters and named keys do not.
  if (event.shiftKey && (letter || key.length > 1)) parts.push("Shift");
  return [...parts, name].join("+");
}

const SHOWN: Partial<Record<string, string>> = {
  ArrowDown: "↓",
  ArrowUp: "↑",
  Shift: "⇧",
  Escape: "Esc",
  Enter: "↵",
};

/** Keys as people read them: `⇧A` for `Shift+a`, `⌘K` or `Ctrl K` for `Mod+k`, `g w` as it is. */
export function shown(keys: string): string {
  return keys
    .split(" ")
    .map((stroke) => {
      const parts = stroke.split("+").map((part) => {
        if (part === "Mod") return isApple ? "⌘" : "Ctrl ";
        return SHOWN[part] ?? part;
      });
      const last = parts.at(-1) ?? "";
      if (parts.length > 1 && last.length === 1) parts[parts.length - 1] = last.toUpperCase();
      return parts.join("");
    })
    .join(" ");
}

/** Whether the event is typing: into a field, or into something that takes keys itself. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  if (target instanceof HTMLInputElement)
    return !["checkbox", "radio", "button", "submit"].includes(target.type);
  return false;
}
