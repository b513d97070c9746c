import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { breakQuery } from "@/features/session/breaks";
import { useHotkeys } from "@/hotkeys/HotkeyProvider";
import { text } from "@/texts/text";
import { filterOf, type WorkstationSearch } from "./address";
import { causeName } from "./causes";
import { type Order, useDecide, useUndo } from "./decisions";
import { nextWaiting } from "./patches";
import { asked } from "./queries";
import { type BreakLine, keyText, type Selection, waits, type Wish } from "./types";
import type { RowSelection } from "./useSelection";

/** A question before a decision: what is to be done about which breaks. */
export interface Asking {
  kind: Wish["kind"];
  selection: Selection;
  about: string;
  /** How many, as far as it is known before the server is asked. */
  count: number;
  bulk: boolean;
  chosen: (line: BreakLine) => boolean;
  /** Those of it that something explains, where it can be narrowed to them. */
  explained?: Selection | undefined;
  /** The break it is about, where it is one. */
  line?: BreakLine | undefined;
}

/** Another reason than the first, taken by its digit. */
export interface Alternative {
  reason: string;
  resolution: NonNullable<Wish["resolution"]> | null;
}

interface Given {
  recon: string;
  rows: readonly BreakLine[];
  current: BreakLine | undefined;
  selection: RowSelection;
  search: WorkstationSearch;
  activate: (key: string | undefined) => void;
  enabled: boolean;
  onLog: () => void;
}

export interface Deciding {
  enabled: boolean;
  asking: Asking | undefined;
  /** Opens the question for the selection, else for the open break; accepting one break asks nothing. */
  ask: (kind: Wish["kind"]) => void;
  askCause: (cause: string, about: string, count: number) => void;
  answer: (wish: Wish) => void;
  cancel: () => void;
  /** Goes on with those that something explains. */
  narrow: () => void;
  /** The alternative reason of the open break that was taken, if any. */
  alternative: Alternative | undefined;
  take: (alternative: Alternative | undefined) => void;
  undo: () => void;
}

/** What keys and buttons decide, and what is asked before. */
export function useDeciding({
  recon,
  rows,
  current,
  selection,
  search,
  activate,
  enabled,
  onLog,
}: Given): Deciding {
  const client = useQueryClient();
  const decide = useDecide(recon);
  const undoLast = useUndo(recon);
  const [asking, setAsking] = useState<Asking>();
  const [taken, setTaken] = useState<{ of: string; alternative: Alternative }>();
  const alternative = taken !== undefined && taken.of === current?.break_id ? taken.alternative : undefined;

  const forward = (done: (line: BreakLine) => boolean) => {
    const from = rows.findIndex((line) => line.break_id === current?.break_id);
    const next = nextWaiting(rows, Math.max(0, from), (line) => waits(line) && !done(line));
    if (next !== undefined) activate(next.break_id);
  };
  const run = (question: Asking, wish: Wish) => {
    const order: Order = { ...question, wish };
    forward(question.chosen);
    decide(order);
    setAsking(undefined);
    if (question.bulk) selection.clear();
  };
  const ask = (kind: Wish["kind"]) => {
    if (!enabled) return;
    const bulk = bulkOf(kind, selection, search, rows);
    if (bulk !== undefined) {
      setAsking(bulk);
      return;
    }
    if (current === undefined || !waits(current)) return;
    // Where nothing explains a break there is nothing to accept: the reason is asked for.
    const wanted =
      kind === "accept" && alternative === undefined && !isExplained(current) ? "override" : kind;
    const question = singleOf(wanted, current);
    if (wanted !== "accept") {
      setAsking(question);
      return;
    }
    if (alternative === undefined) {
      run(question, { kind: wanted });
      return;
    }
    // Another reason than the attributed one is an override; the server says when it also wants to know why.
    run(
      { ...question, kind: "override" },
      {
        kind: "override",
        reason: alternative.reason,
        ...(alternative.resolution === null ? {} : { resolution: alternative.resolution }),
      },
    );
  };
  const undo = () => {
    if (!undoLast()) onLog();
  };
  const askCause = (cause: string, about: string, count: number) => {
    if (!enabled) return;
    setAsking({
      kind: "accept",
      selection: { cause },
      about,
      count,
      bulk: true,
      chosen: (line) => line.cause_id === cause && waits(line),
    });
  };
  useHotkeys(
    {
      "decide.accept": () => ask("accept"),
      "decide.override": () => ask("override"),
      "decide.reject": () => ask("reject"),
      "decide.ask": () => ask("request_information"),
      "decide.skip": () => forward(() => false),
      "decide.undo": undo,
      "decide.log": onLog,
      "decide.cause": () => {
        if (current?.cause_id !== null && current?.cause_id !== undefined) {
          const cause = client.getQueryData(breakQuery(recon, current.break_id).queryKey)?.cause;
          const about = cause ? causeName(cause) : text("deed.causeOf", { key: keyText(current.key) });
          askCause(current.cause_id, about, 0);
        }
      },
    },
    { enabled },
  );
  return {
    enabled,
    asking,
    ask,
    askCause,
    answer: (wish) => {
      if (asking !== undefined) run(asking, wish);
    },
    cancel: () => setAsking(undefined),
    narrow: () => {
      if (asking?.explained === undefined) return;
      const { explained, chosen, ...rest } = asking;
      setAsking({ ...rest, selection: explained, chosen: (line) => chosen(line) && isExplained(line) });
    },
    alternative,
    take: (next) => {
      if (current === undefined) return;
      setTaken(next === undefined ? undefined : { of: current.break_id, alternative: next });
    },
    undo,
  };
}

/** The methods by which breaks are explained: all but none. */
const EXPLAINED = ["equivalence", "rule", "cause", "model", "person", "check"] as const;

function singleOf(kind: Wish["kind"], line: BreakLine): Asking {
  return {
    kind,
    selection: { breaks: [line.break_id] },
    about: `${keyText(line.key)}${line.field === null ? "" : ` · ${line.field}`}`,
    count: 1,
    bulk: false,
    chosen: (one) => one.break_id === line.break_id,
    line,
  };
}

const UNKNOWN = "UNKNOWN";

function isExplained(line: BreakLine): boolean {
  return line.reason !== UNKNOWN;
}

function bulkOf(
  kind: Wish["kind"],
  selection: RowSelection,
  search: WorkstationSearch,
  rows: readonly BreakLine[],
): Asking | undefined {
  const { checked, everything } = selection;
  if (checked.size === 0) return undefined;
  if (everything) {
    const filter = asked(filterOf(search));
    return {
      explained: filter.method === undefined ? { filter: { ...filter, method: [...EXPLAINED] } } : undefined,
      kind,
      selection: { filter },
      about: text("deed.filter"),
      count: checked.size,
      bulk: true,
      chosen: waits,
    };
  }
  const explained = rows
    .filter((line) => checked.has(line.break_id) && isExplained(line))
    .map((line) => line.break_id);
  return {
    explained: explained.length > 0 ? { breaks: explained } : undefined,
    kind,
    selection: { breaks: [...checked] },
    about: text("deed.selected", { n: checked.size }),
    count: checked.size,
    bulk: true,
    chosen: (line) => checked.has(line.break_id) && waits(line),
  };
}
