import type { components, operations } from "@/api/schema";

export type BreakLine = components["schemas"]["BreakLine"];
export type BreakPage = components["schemas"]["BreakPage"];
export type Proposal = components["schemas"]["ProposalShown"];
export type NewProposal = components["schemas"]["NewProposal"];
export type Preview = components["schemas"]["Preview"];
export type Wish = Omit<NewProposal, "selection">;
export type Selection = NewProposal["selection"];
export type ListQuery = NonNullable<operations["list_breaks"]["parameters"]["query"]>;
export type State = BreakLine["state"];

/** States in which a maker has something to decide. */
const WAITING: ReadonlySet<State> = new Set(["in_review", "returned"]);

export function waits(line: BreakLine): boolean {
  return WAITING.has(line.state);
}

/** A key as it is read: its parts beside each other. */
export function keyText(key: readonly (string | null)[]): string {
  return key.map((part) => part ?? "∅").join(" · ");
}

/** Whether a proposal was decided, and can be undone in part or whole. */
export function isDecided({ state, kind }: Proposal): boolean {
  return state === "applied" && kind !== "undo";
}
