import { type SyntheticEvent, useState } from "react";
import { useHotkeys } from "@/hotkeys/HotkeyProvider";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextArea } from "@/ui/Field";

interface VerdictProps {
  /** Why this person cannot decide; undefined where they can. */
  barred: string | undefined;
  /** What an approval does, in a few words. */
  effect: string;
  /** The words of the second button, and whether it needs a comment. */
  refuse: string;
  refuseTitle: string;
  onApprove: () => void;
  /** A question is answered, there is nothing to approve. */
  answerOnly?: boolean;
  onRefuse: (comment: string) => void;
}

/** Approve, or give back with a comment: by button or by key. */
export function Verdict(props: VerdictProps) {
  const { barred, effect, refuse, refuseTitle, onApprove, onRefuse, answerOnly = false } = props;
  const [asking, setAsking] = useState(false);
  const [comment, setComment] = useState("");
  const enabled = barred === undefined && !asking;
  useHotkeys({ "check.return": () => setAsking(true) }, { enabled });
  useHotkeys({ "check.approve": onApprove }, { enabled: enabled && !answerOnly });
  if (barred !== undefined) return <p className="check__barred soft">{barred}</p>;
  const send = (event: SyntheticEvent) => {
    event.preventDefault();
    if (comment.trim() === "") return;
    setAsking(false);
    onRefuse(comment.trim());
  };
  return (
    <div className="check__verdict">
      {!answerOnly && (
        <Button look="main" action="check.approve" onClick={onApprove}>
          {text("checker.approve")}
        </Button>
      )}
      <Button look={answerOnly ? "main" : "plain"} action="check.return" onClick={() => setAsking(true)}>
        {refuse}
      </Button>
      <span className="soft">{effect}</span>
      {asking && (
        <Dialog
          open
          onClose={() => setAsking(false)}
          title={refuseTitle}
          foot={
            <Button look="main" disabled={comment.trim() === ""} onClick={send}>
              {refuse}
            </Button>
          }
        >
          <form onSubmit={send}>
            <TextArea
              label={text("checker.why")}
              hint={text("checker.whyHint")}
              value={comment}
              onChange={(event) => setComment(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send(event);
              }}
            />
          </form>
        </Dialog>
      )}
    </div>
  );
}
