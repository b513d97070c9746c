import { Popover as Base } from "@base-ui/react/popover";
import { useHotkeys } from "@/hotkeys/HotkeyProvider";
import type { PopoverProps } from "../Popover";

/** A small panel at its button, for settings and filters that need more than a menu. */
export default function PopoverPanel({
  trigger,
  title,
  children,
  align = "start",
  open,
  onOpenChange,
}: PopoverProps) {
  // A letter that is pressed in a panel is no decision about the list behind it.
  useHotkeys({}, { enabled: open, modal: true });
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align={align} className="menu__place">
          <Base.Popup className="popover">
            <Base.Title className="popover__title">{title}</Base.Title>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
