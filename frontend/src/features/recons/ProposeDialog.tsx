import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { Problem } from "@/api/problem";
import { today } from "@/lib/dates";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextArea, TextField } from "@/ui/Field";
import { notify } from "@/ui/notices";
import { ProblemView } from "@/ui/states";

interface ProposeDialogProps {
  recon: string;
  /** The version that is to hold; without it, the recon is to be retired. */
  version?: number;
  onClose: () => void;
}

/** Proposes what shall hold from a date on. */
export function ProposeDialog({ recon, version, onClose }: ProposeDialogProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [day, setDay] = useState(today());
  const [comment, setComment] = useState("");
  const propose = useMutation({
    mutationFn: () => {
      const body = { effective_from: day, comment };
      return version === undefined
        ? answer(api.POST("/api/v1/recons/{recon}/retirement", { params: { path: { recon } }, body }))
        : answer(
            api.POST("/api/v1/recons/{recon}/versions/{version}/changes", {
              params: { path: { recon, version } },
              body,
            }),
          );
    },
    onSuccess: async () => {
      notify({ tone: "passed", title: text("recon.proposed") });
      onClose();
      void client.invalidateQueries({ queryKey: ["recons"] });
      await navigate({ to: "/recons/$recon", params: { recon }, search: { tab: "changes" } });
    },
  });
  const problem = propose.error instanceof Problem ? propose.error : undefined;
  return (
    <Dialog
      open
      onClose={onClose}
      title={
        version === undefined ? text("recon.retireTitle", { recon }) : text("recon.proposeTitle", { version })
      }
      foot={
        <>
          <Button onClick={onClose}>{text("kit.cancel")}</Button>
          <Button look="main" busy={propose.isPending} disabled={day === ""} onClick={() => propose.mutate()}>
            {text("recon.propose")}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p className="soft">{text(version === undefined ? "recon.retireHint" : "recon.proposeHint")}</p>
        <TextField
          label={text("recon.effectiveFrom")}
          type="date"
          value={day}
          onChange={({ target }) => setDay(target.value)}
        />
        <TextArea
          label={text("draft.comment")}
          hint={text("draft.commentHint")}
          value={comment}
          onChange={({ target }) => setComment(target.value)}
        />
        {problem !== undefined && <ProblemView problem={problem} />}
      </div>
    </Dialog>
  );
}
