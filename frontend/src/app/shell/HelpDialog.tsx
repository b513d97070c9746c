import { Keys } from "@/features/session/Keys";
import { text } from "@/texts/text";
import { Dialog } from "@/ui/Dialog";

/** All shortcuts, as this person has them. */
export default function HelpDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog open onClose={onClose} title={text("help.title")} wide>
      <Keys />
    </Dialog>
  );
}
