import { Dialog as Base } from "@base-ui/react/dialog";
import { useRef } from "react";
import { useHotkeys } from "@/hotkeys/HotkeyProvider";
import { text } from "@/texts/text";
import { IconButton } from "../Button";
import type { DialogProps } from "../Dialog";

const FIRST = {
  field: ".dialog__body :is(input, select, textarea):enabled",
  action: ".dialog__foot .button--main",
} as const;

/** A question that stands before everything else; Escape closes it, focus returns to where it was. */
export default function DialogPanel({
  open,
  onClose,
  title,
  children,
  foot,
  wide = false,
  begin = "field",
}: DialogProps) {
  const popup = useRef<HTMLDivElement>(null);
  // What stands behind a dialog hears no shortcuts.
  useHotkeys({}, { enabled: open, modal: true });
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="dialog__scrim" />
        <Base.Popup
          ref={popup}
          initialFocus={() => popup.current?.querySelector<HTMLElement>(FIRST[begin]) ?? true}
          className="dialog"
          data-wide={wide || undefined}
        >
          <header className="dialog__head">
            <Base.Title>{title}</Base.Title>
            <IconButton icon="close" label={text("kit.close")} onClick={onClose} />
          </header>
          <div className="dialog__body">{children}</div>
          {foot !== undefined && <footer className="dialog__foot">{foot}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
