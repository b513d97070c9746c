import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { Problem } from "@/api/problem";
import { text, textOf } from "@/texts/text";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Checkbox, TextArea } from "@/ui/Field";
import { notify } from "@/ui/notices";
import { Loaded, ProblemView } from "@/ui/states";
import { DifferenceView } from "./DifferenceView";
import { type ChangeShown, differenceQuery } from "./queries";

export type Deed = "approve" | "reject" | "withdraw" | "activate";

interface DecisionDialogProps {
  deed: Deed;
  change: ChangeShown;
  onClose: () => void;
}

/** Decides about what was proposed, as it was seen, with what it changes in sight. */
export function DecisionDialog({ deed, change, onClose }: DecisionDialogProps) {
  const client = useQueryClient();
  const [comment, setComment] = useState("");
  const [activate, setActivate] = useState(true);
  const decide = useMutation({
    mutationFn: () => send(deed, change, comment, activate),
    onSuccess: (after) => {
      notify({
        tone: deed === "reject" || deed === "withdraw" ? "neutral" : "passed",
        title: text("change.done", { change: after.change, state: textOf("state", after.state) }),
        detail:
          after.tables.length > 0 ? text("change.tables", { tables: after.tables.join(", ") }) : undefined,
      });
      onClose();
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["recons"] }),
  });
  const problem = decide.error instanceof Problem ? decide.error : undefined;
  const before = change.version === null || change.version < 2 ? undefined : change.version - 1;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={text(`change.${deed}Title`, { change: change.change })}
      foot={
        <>
          <Button onClick={onClose}>{text("kit.cancel")}</Button>
          <Button
            look={deed === "reject" ? "danger" : "main"}
            busy={decide.isPending}
            onClick={() => decide.mutate()}
          >
            {text(`change.${deed}`)}
          </Button>
        </>
      }
    >
      <div className="stack">
        {before !== undefined && change.version !== null && deed === "approve" && (
          <Changed recon={change.recon} version={change.version} from={before} />
        )}
        <TextArea
          label={text("recon.comment")}
          value={comment}
          onChange={({ target }) => setComment(target.value)}
        />
        {deed === "approve" && (
          <Checkbox
            label={text("change.hold")}
            checked={activate}
            onChange={({ target }) => setActivate(target.checked)}
          />
        )}
        {problem !== undefined && <ProblemView problem={problem} />}
      </div>
    </Dialog>
  );
}

function Changed({ recon, version, from }: { recon: string; version: number; from: number }) {
  const query = useQuery(differenceQuery(recon, version, from));
  return <Loaded query={query}>{(found) => <DifferenceView difference={found} />}</Loaded>;
}

function send(deed: Deed, change: ChangeShown, comment: string, activate: boolean): Promise<ChangeShown> {
  const params = { path: { recon: change.recon, change: change.change } };
  const body = { revision: change.revision, comment };
  if (deed === "approve") {
    return answer(
      api.POST("/api/v1/recons/{recon}/changes/{change}/approval", { params, body: { ...body, activate } }),
    );
  }
  if (deed === "reject")
    return answer(api.POST("/api/v1/recons/{recon}/changes/{change}/rejection", { params, body }));
  if (deed === "withdraw")
    return answer(api.POST("/api/v1/recons/{recon}/changes/{change}/withdrawal", { params, body }));
  return answer(api.POST("/api/v1/recons/{recon}/changes/{change}/activation", { params, body }));
}
