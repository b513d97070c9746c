import { Dialog as Base } from "@base-ui/react/dialog";
import type { ReactNode } from "react";
import { useHotkeys } from "@/hotkeys/HotkeyProvider";
import { text } from "@/texts/text";
import { IconButton } from "./Button";

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** The buttons at the foot; the one that acts comes last. */
  foot?: ReactNode;
  wide?: boolean;
}

/** A question that stands before everything else; Escape closes it, focus returns to where it was. */
export function Dialog({ open, onClose, title, children, foot, wide = false }: DialogProps) {
  // What stands behind a dialog hears no shortcuts.
  useHotkeys({}, { enabled: open, modal: true });
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="dialog__scrim" />
        <Base.Popup className="dialog" data-wide={wide || undefined}>
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
