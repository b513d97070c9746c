import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { useMay } from "@/features/session/session";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextArea } from "@/ui/Field";
import { notify } from "@/ui/notices";
import { ProblemView } from "@/ui/states";
import { causeName } from "./causes";
import type { CauseLine } from "./detail";

/** Proposes that a cause passes by itself from now on (or no longer); a second person approves it. */
export function RuleButton({ recon, cause }: { recon: string; cause: CauseLine }) {
  const may = useMay();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [comment, setComment] = useState("");
  const state = cause.rule?.state;
  const change = state === "accepted" ? "suspend" : state === "suspended" ? "resume" : "accept";
  const propose = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/recons/{recon}/causes/{cause}/rule-proposals", {
          params: { path: { recon, cause: cause.cause_id } },
          body: { change, ...(comment.trim() === "" ? {} : { comment: comment.trim() }) },
        }),
      ),
    onSuccess: () => {
      setOpen(false);
      notify({ tone: "passed", title: text("rule.proposed"), detail: text("rule.proposedHint") });
      void client.invalidateQueries({ queryKey: ["breaks", recon, "causes"] });
    },
  });
  if (!may("rules.propose", recon)) return null;
  return (
    <>
      <Button look="quiet" onClick={() => setOpen(true)}>
        {text(`rule.${change}`)}
      </Button>
      {open && (
        <Dialog
          open
          onClose={() => setOpen(false)}
          title={text(`rule.${change}`)}
          foot={
            <Button look="main" busy={propose.isPending} onClick={() => propose.mutate()}>
              {text("decide.propose")}
            </Button>
          }
        >
          <p>
            <strong>{causeName(cause)}</strong>
          </p>
          <p className="raw">{cause.expression}</p>
          {cause.scope !== null && <p className="raw">{cause.scope}</p>}
          <p className="soft">{text(`rule.${change}Hint`)}</p>
          <TextArea
            label={text("decide.comment")}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
          />
          {propose.error !== null && <ProblemView problem={propose.error} />}
        </Dialog>
      )}
    </>
  );
}
