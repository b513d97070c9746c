import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useId, useState } from "react";
import { answer, api } from "@/api/client";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/Field";
import { notify } from "@/ui/notices";
import { ProblemView } from "@/ui/states";
import { change } from "./patches";

interface UndoDialogProps {
  recon: string;
  proposal: number;
  /** Some of what it decided; without them all of it. */
  breaks?: readonly string[] | undefined;
  about: string;
  onClose: () => void;
  onDone?: (() => void) | undefined;
}

/** Proposes to take back what was decided; somebody else approves that as well. */
export function UndoDialog({ recon, proposal, breaks, about, onClose, onDone }: UndoDialogProps) {
  const client = useQueryClient();
  const form = useId();
  const [comment, setComment] = useState("");
  const undo = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/recons/{recon}/proposals/{proposal}/undo", {
          params: { path: { recon, proposal } },
          body: { comment: comment.trim(), ...(breaks === undefined ? {} : { breaks: [...breaks] }) },
        }),
      ),
    onSuccess: (made) => {
      notify({
        tone: "passed",
        title: text("undo.proposed", { n: made.items }),
        detail: text("undo.proposedHint"),
      });
      if (breaks !== undefined) {
        const some = new Set(breaks);
        change(client, recon, (line) => (some.has(line.break_id) ? { ...line, state: "proposed" } : line));
      }
      void client.invalidateQueries({ queryKey: ["proposals"] });
      for (const what of ["count", "facets", "break"]) {
        void client.invalidateQueries({ queryKey: ["breaks", recon, what] });
      }
      onDone?.();
      onClose();
    },
  });
  const complete = comment.trim() !== "";
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (complete && !undo.isPending) undo.mutate();
  };
  return (
    <Dialog
      open
      title={text("undo.title", { about })}
      onClose={onClose}
      foot={
        <>
          <Button look="quiet" onClick={onClose}>
            {text("kit.cancel")}
          </Button>
          <Button look="main" submit form={form} disabled={!complete} busy={undo.isPending}>
            {text("log.undoAsk")}
          </Button>
        </>
      }
    >
      <p>{text("log.undoHint")}</p>
      <form id={form} className="stack" onSubmit={submit}>
        <TextField
          label={text("decide.why")}
          required
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
      </form>
      {undo.error !== null && <ProblemView problem={undo.error} />}
    </Dialog>
  );
}
