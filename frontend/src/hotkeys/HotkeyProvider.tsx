import { createContext, type ReactNode, use, useEffect, useMemo, useRef, useState } from "react";
import { ACTIONS, type ActionId, keysOf, type Overrides } from "./actions";
import { Dispatcher, type Handlers } from "./dispatcher";
import { shown } from "./strokes";

interface Hotkeys {
  dispatcher: Dispatcher;
  overrides: Overrides;
}

const Context = createContext<Hotkeys | undefined>(undefined);

/** Listens to the keyboard for everything below it. `overrides` are the keys the person has changed. */
export function HotkeyProvider({ overrides, children }: { overrides: Overrides; children: ReactNode }) {
  const [dispatcher] = useState(() => new Dispatcher());
  useEffect(() => {
    dispatcher.rebind(overrides);
  }, [dispatcher, overrides]);
  useEffect(() => {
    document.addEventListener("keydown", dispatcher.handle);
    return () => document.removeEventListener("keydown", dispatcher.handle);
  }, [dispatcher]);
  const value = useMemo(() => ({ dispatcher, overrides }), [dispatcher, overrides]);
  return <Context value={value}>{children}</Context>;
}

function useContextValue(): Hotkeys {
  const value = use(Context);
  if (value === undefined) throw new Error("HotkeyProvider is missing above");
  return value;
}

/** Answers to shortcuts while the component is shown; `modal` silences what stands behind it. */
export function useHotkeys(handlers: Handlers, options: { enabled?: boolean; modal?: boolean } = {}): void {
  const { dispatcher } = useContextValue();
  const { enabled = true, modal = false } = options;
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => {
    if (!enabled) return undefined;
    return dispatcher.register({ handlers: () => latest.current, modal });
  }, [dispatcher, enabled, modal]);
}

/** The keys the person has changed. */
export function useOverrides(): Overrides {
  return useContextValue().overrides;
}

/** The first key of an action as it is shown, such as `⇧A`. */
export function useKeyOf(): (action: ActionId) => string {
  const { overrides } = useContextValue();
  return (action) => shown(keysOf(action, overrides)[0] ?? ACTIONS[action].keys[0]);
}
