import { lazy, type ReactNode, Suspense } from "react";

export interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** The buttons at the foot; the one that acts comes last. */
  foot?: ReactNode;
  wide?: boolean;
  /** Where one begins: at the first field, or at the button that acts. */
  begin?: "field" | "action";
}

const load = () => import("./overlays/DialogPanel");
const DialogPanel = lazy(load);

// Dialogs answer keys: they are fetched as soon as the page has nothing better to do, so that the first opens at once.
if (typeof requestIdleCallback === "function") requestIdleCallback(() => void load());

/** A question that stands before everything else; Escape closes it, focus returns to where it was. */
export function Dialog(props: DialogProps) {
  return (
    <Suspense>
      <DialogPanel {...props} />
    </Suspense>
  );
}
