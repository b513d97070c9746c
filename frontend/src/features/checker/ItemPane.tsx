import { text } from "@/texts/text";
import { Empty } from "@/ui/states";
import { type Change, type CheckerSearch, placeOf, type Tab } from "./address";
import { ChangePane } from "./ChangePane";
import { ConnectionPane } from "./ConnectionPane";
import { ProposalPane } from "./ProposalPane";
import { RulePane } from "./RulePane";
import type { Decided } from "./useVerdict";

export interface PaneProps {
  name: string;
  number: number;
  search: CheckerSearch;
  go: (change: Change) => void;
  decided: Decided;
}

const PANES = {
  decisions: ProposalPane,
  rules: RulePane,
  definitions: ChangePane,
  connections: ConnectionPane,
};

/** What is open, with its evidence. */
export function ItemPane({
  tab,
  item,
  ...rest
}: { tab: Tab; item: string } & Omit<PaneProps, "name" | "number">) {
  const place = placeOf(item);
  if (place === undefined) return <Empty title={text("checker.missing")} />;
  const Pane = PANES[tab];
  return (
    <article className="check__item" aria-label={text("checker.open")}>
      <Pane {...rest} {...place} />
    </article>
  );
}
