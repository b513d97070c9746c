import { type ReactNode, type SyntheticEvent, useId } from "react";
import type { Problem } from "@/api/problem";
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
  children: ReactNode;
}

/** A form that is sent by Enter or by its button; what the server refused stands below the fields, which keep their content. */
export function FormDialog({ title, send, busy, problem, onSend, onClose, children }: FormDialogProps) {
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
      foot={
        <Button look="main" submit form={id} busy={busy}>
          {send}
        </Button>
      }
    >
      <form id={id} className="stack" onSubmit={submit}>
        {children}
        {problem !== null && <ProblemView problem={problem} />}
      </form>
    </Dialog>
  );
}
