import type { SyntheticEvent } from "react";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import { Popover } from "@/ui/Popover";

interface JumpBoxProps {
  open: boolean;
  setOpen: (open: boolean) => void;
  onJump: (key: string) => void;
}

/** Goes to a key wherever it stands among all breaks of the filter. */
export function JumpBox({ open, setOpen, onJump }: JumpBoxProps) {
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const key = new FormData(event.currentTarget).get("key");
    if (typeof key !== "string" || key.trim() === "") return;
    setOpen(false);
    onJump(key.trim());
  };
  return (
    <Popover
      title={text("breaks.jumpTitle")}
      align="end"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button look="quiet" action="list.jump">
          {text("breaks.jump")}
        </Button>
      }
    >
      <form className="stack" onSubmit={submit}>
        <TextField label={text("breaks.key")} name="key" hint={text("breaks.jumpHint")} autoComplete="off" />
        <Button look="main" submit>
          {text("breaks.jumpGo")}
        </Button>
      </form>
    </Popover>
  );
}
