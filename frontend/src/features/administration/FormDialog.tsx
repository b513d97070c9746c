import { type ReactNode, type SyntheticEvent, useId } from "react";
import type { Problem } from "@/api/problem";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { ProblemView } from "@/ui/states";

interface FormDialogProps {
  title: string;
  send: string;
  busy: boolean;
  problem: Problem | null;
  onSend: () => void;
  onClose: () => void;
  /** Loads again what is changed here, where somebody else may have changed it meanwhile (409). */
  onAgain?: (() => void) | undefined;
  wide?: boolean;
  children: ReactNode;
}

/** A form that is sent by Enter or by its button; what the server refused stands below the fields, which keep their content. */
export function FormDialog(props: FormDialogProps) {
  const { title, send, busy, problem, onSend, onClose, onAgain, wide = false, children } = props;
  const id = useId();
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    onSend();
  };
  return (
    <Dialog
      open
      title={title}
      onClose={onClose}
      wide={wide}
      foot={
        <>
          <Button look="quiet" onClick={onClose}>
            {text("kit.cancel")}
          </Button>
          <Button look="main" submit form={id} busy={busy}>
            {send}
          </Button>
        </>
      }
    >
      <form id={id} className="stack admin__form" onSubmit={submit}>
        {children}
        {problem !== null && <ProblemView problem={problem} />}
        {problem?.status === 409 && onAgain !== undefined && (
          <div className="admin__again">
            <p>{text("admin.stale")}</p>
            <Button
              onClick={() => {
                onAgain();
                onClose();
              }}
            >
              {text("admin.again")}
            </Button>
          </div>
        )}
      </form>
    </Dialog>
  );
}
