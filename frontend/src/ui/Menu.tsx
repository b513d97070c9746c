import { cloneElement, lazy, type ReactElement, type ReactNode, Suspense, useState } from "react";

export interface MenuItem {
  id: string;
  label: ReactNode;
  /** Ticked or not; undefined for items that are no choice. */
  checked?: boolean | undefined;
  disabled?: boolean | undefined;
  /** Begins a new part of the menu. */
  apart?: boolean | undefined;
  /** Leaves the menu open, for choices of which several are made. */
  stays?: boolean | undefined;
  run: () => void;
}

export interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement<Record<string, unknown>>;
  items: readonly MenuItem[];
  align?: "start" | "end";
}

const load = () => import("./overlays/MenuPanel");
const MenuPanel = lazy(load);

/** A list of things to do or choose, opened by a button. What draws it is loaded when somebody is about to open it. */
export function Menu(props: MenuProps) {
  const [opened, setOpened] = useState(false);
  const about = () => void load();
  const closed = cloneElement(props.trigger, {
    "aria-haspopup": "menu",
    "aria-expanded": false,
    onPointerEnter: about,
    onFocus: about,
    onClick: () => setOpened(true),
  });
  if (!opened) return closed;
  return (
    <Suspense fallback={closed}>
      <MenuPanel {...props} />
    </Suspense>
  );
}
