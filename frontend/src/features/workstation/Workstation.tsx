import { text } from "@/texts/text";
import { Empty } from "@/ui/states";

export function Workstation() {
  return <Empty title={text("shell.soon")} />;
}
