import { text, textOf } from "@/texts/text";
import type { ConnectionListed, DefinitionChange, Proposal, RuleProposal } from "./queries";

/** Something on the desk, as the list at the left shows it. */
export interface Entry {
  /** Its place in the address. */
  id: string;
  /** Whose proposals, and about what: entries of one heading stand together. */
  maker: string;
  about: string;
  title: string;
  recon: string | null;
  at: string | null;
  count: number | null;
  eyes: number | null;
  state: string | null;
  /** How many of `count` are decided, where that is under way. */
  decided: number | null;
}

/** What a proposal is about: its cause where it was made for one, else its reason, else a choice of breaks. */
function aboutOf(proposal: Proposal, causes: ReadonlyMap<string, string>): string {
  const cause = causeOf(proposal);
  if (cause !== undefined) return causes.get(cause) ?? text("checker.cause");
  if (proposal.kind === "undo") return text("checker.undone", { n: proposal.undoes ?? 0 });
  if (proposal.reason !== null) return textOf("reason", proposal.reason);
  return text("checker.chosen");
}

/** The cause that a proposal was made for. */
export function causeOf(proposal: Pick<Proposal, "selection">): string | undefined {
  const cause = proposal.selection["cause"];
  return typeof cause === "string" ? cause : undefined;
}

export function proposalEntry(proposal: Proposal, causes: ReadonlyMap<string, string>): Entry {
  const words = [textOf("proposal", proposal.kind)];
  if (proposal.reason !== null) words.push(textOf("reason", proposal.reason));
  if (proposal.resolution !== null) words.push(textOf("resolution", proposal.resolution));
  return {
    id: `${proposal.recon}/${proposal.proposal}`,
    maker: proposal.maker,
    about: aboutOf(proposal, causes),
    title: words.join(" · "),
    recon: proposal.recon,
    at: proposal.proposed_at,
    count: proposal.items,
    eyes: proposal.eyes,
    state: proposal.state,
    decided: proposal.state === "approved" ? proposal.decided : null,
  };
}

export function ruleEntry(rule: RuleProposal): Entry {
  return {
    id: `${rule.recon}/${rule.rule_proposal}`,
    maker: rule.maker,
    about: textOf("change", rule.change),
    title: rule.expression,
    recon: rule.recon,
    at: rule.proposed_at,
    count: null,
    eyes: rule.eyes,
    state: rule.state,
    decided: null,
  };
}

export function changeEntry(change: DefinitionChange): Entry {
  return {
    id: `${change.recon}/${change.change}`,
    maker: change.proposed_by,
    about: change.recon,
    title:
      change.version === null
        ? text("checker.retires")
        : text("checker.version", { version: change.version }),
    recon: change.recon,
    at: change.proposed_at,
    count: null,
    eyes: 4,
    state: change.state,
    decided: null,
  };
}

export function connectionEntry(connection: ConnectionListed): Entry {
  return {
    id: `${connection.name}/${connection.proposed_version ?? 0}`,
    maker: text("checker.tab.connections"),
    about: textOf("connection", connection.state),
    title: connection.name,
    recon: null,
    at: null,
    count: null,
    eyes: 4,
    state: "proposed",
    decided: null,
  };
}

export interface Group {
  maker: string;
  about: string;
  entries: Entry[];
}

/** Entries under their makers, and under what they are about; makers and subjects in the order of their newest entry. */
export function grouped(entries: readonly Entry[]): Group[] {
  const makers = new Map<string, Map<string, Entry[]>>();
  for (const entry of entries) {
    const subjects = makers.get(entry.maker) ?? new Map<string, Entry[]>();
    makers.set(entry.maker, subjects);
    subjects.set(entry.about, [...(subjects.get(entry.about) ?? []), entry]);
  }
  return [...makers].flatMap(([maker, subjects]) =>
    [...subjects].map(([about, found]) => ({ maker, about, entries: found })),
  );
}

/** The entry after or before one; the first where none is open. */
export function beside(entries: readonly Entry[], id: string | undefined, step: 1 | -1): Entry | undefined {
  const at = entries.findIndex((entry) => entry.id === id);
  if (at < 0) return entries[0];
  return entries[Math.min(entries.length - 1, Math.max(0, at + step))];
}

/** What is to be open when an entry has left the list: the one below it, else the one above it. */
export function following(entries: readonly Entry[], id: string): Entry | undefined {
  const at = entries.findIndex((entry) => entry.id === id);
  return entries[at + 1] ?? entries[at - 1];
}
