import { cloneElement, lazy, type ReactElement, type ReactNode, Suspense, useState } from "react";

export interface PopoverProps {
  /** The button that opens it. */
  trigger: ReactElement<Record<string, unknown>>;
  title: string;
  children: ReactNode;
  align?: "start" | "end";
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

const load = () => import("./overlays/PopoverPanel");
const PopoverPanel = lazy(load);

/** A small panel at its button, for settings and filters that need more than a menu; loaded when it is first opened. */
export function Popover(props: PopoverProps) {
  const [opened, setOpened] = useState(props.open);
  if (props.open && !opened) setOpened(true);
  const about = () => void load();
  const closed = cloneElement(props.trigger, {
    "aria-haspopup": "dialog",
    "aria-expanded": false,
    onPointerEnter: about,
    onFocus: about,
    onClick: () => props.onOpenChange(true),
  });
  if (!opened) return closed;
  return (
    <Suspense fallback={closed}>
      <PopoverPanel {...props} />
    </Suspense>
  );
}
