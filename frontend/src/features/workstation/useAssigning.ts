import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createContext, use, useState } from "react";
import { answer, api } from "@/api/client";
import type { components } from "@/api/schema";
import { useMay, useMe } from "@/features/session/session";
import { useHotkeys } from "@/hotkeys/HotkeyProvider";
import { formatCount } from "@/lib/numbers";
import { text } from "@/texts/text";
import { useLocale } from "@/ui/locale";
import { notify } from "@/ui/notices";
import { type Filter, filterOf, type WorkstationSearch } from "./address";
import { change } from "./patches";
import { asked } from "./queries";
import { type BreakLine, keyText } from "./types";
import type { RowSelection } from "./useSelection";

type Assignment = components["schemas"]["Assignment"];

/** Which breaks are to be given to somebody. */
interface Target {
  selection: components["schemas"]["Chosen"];
  about: string;
  /** How many; unknown for all of a filter, which is counted. */
  count: number | undefined;
  filter?: Filter | undefined;
  chosen: (line: BreakLine) => boolean;
}

/** Who is to have them: oneself where nobody has them yet, or anybody (both null: nobody). */
export type Holder = "free" | { assignee: string | null; group: string | null; comment: string | null };

interface Given {
  recon: string;
  /** The open break, and its row where that is loaded. */
  active: string | undefined;
  current: BreakLine | undefined;
  selection: RowSelection;
  search: WorkstationSearch;
}

export interface Assigning {
  /** Whether one may take breaks, and whether one may give them to others. */
  takes: boolean;
  gives: boolean;
  /** The question that is open: to whom. */
  asking: Target | undefined;
  ask: () => void;
  cancel: () => void;
  /** Takes the selection, else the open break. */
  mine: () => void;
  give: (target: Target, to: Holder) => void;
  busy: boolean;
  problem: ReturnType<typeof useAssign>["error"];
}

const Context = createContext<Assigning | undefined>(undefined);
export const AssigningContext = Context;

/** Assigning as the desk above holds it. */
export function useAssigningHere(): Assigning {
  const found = use(Context);
  if (found === undefined) throw new Error("AssigningContext is missing above");
  return found;
}

function useAssign(recon: string) {
  const me = useMe();
  const client = useQueryClient();
  const locale = useLocale();
  const params = { path: { recon } };
  return useMutation({
    mutationFn: ({ target: { selection }, to }: { target: Target; to: Holder }): Promise<Assignment> =>
      to === "free"
        ? answer(api.POST("/api/v1/recons/{recon}/assignments/taking", { params, body: { selection } }))
        : answer(api.POST("/api/v1/recons/{recon}/assignments", { params, body: { selection, ...to } })),
    onSuccess: (made, { target, to }) => {
      const single = target.count === 1;
      const others: BreakLine[] = [];
      change(client, recon, (line) => {
        if (!target.chosen(line)) return line;
        if (to !== "free") return { ...line, assignee: to.assignee, assigned_group: to.group };
        if (single) return { ...line, assignee: me.name };
        if (line.assignee !== null) return line;
        if (line.assigned_group === null) return { ...line, assignee: me.name };
        others.push(line);
        return line;
      });
      // Whether these groups are one's own only the server knows.
      if (others.length > 0) void client.invalidateQueries({ queryKey: ["breaks", recon, "list"] });
      for (const what of ["count", "facets", "break"]) {
        void client.invalidateQueries({ queryKey: ["breaks", recon, what] });
      }
      const told = { n: made.breaks, count: formatCount(made.breaks, locale) };
      const who = holderText(made.assignee, made.group);
      notify({
        tone: "passed",
        title:
          to === "free" || made.assignee === me.name
            ? text("assign.mine", told)
            : who === undefined
              ? text("assign.freed", told)
              : text("assign.given", { ...told, who }),
      });
    },
  });
}

/** A person, a group, or a person of a group; undefined for nobody. */
export function holderText(assignee: string | null, group: string | null): string | undefined {
  if (assignee !== null && group !== null) return text("assign.both", { person: assignee, group });
  return assignee ?? group ?? undefined;
}

/** What keys and buttons give to whom, and what is asked before. */
export function useAssigning({ recon, active, current, selection, search }: Given): Assigning {
  const may = useMay();
  const me = useMe();
  const assign = useAssign(recon);
  const [asking, setAsking] = useState<Target>();
  const gives = may("work.assign", recon);
  const takes = gives || may("breaks.propose", recon);

  const give = (target: Target, to: Holder) =>
    assign.mutate(
      { target, to },
      {
        onSuccess: () => {
          setAsking(undefined);
          if (target.count !== 1) selection.clear();
        },
      },
    );
  const mine = () => {
    const target = targetOf(selection, search, active, current);
    if (target === undefined || !takes) return;
    const all: Holder = { assignee: me.name, group: null, comment: null };
    // Who only gives (a manager) has nothing to take with.
    const to: Holder = may("breaks.propose", recon) ? "free" : all;
    assign.mutate(
      { target, to },
      {
        onSuccess: () => target.count !== 1 && selection.clear(),
        onError: (problem) =>
          notify({
            tone: "rejected",
            title: text("assign.refused", { about: target.about }),
            detail: problem.detail,
            action:
              gives && problem.status === 409
                ? { label: text("assign.anyway"), run: () => assign.mutate({ target, to: all }) }
                : undefined,
          }),
      },
    );
  };
  const ask = () => {
    const target = targetOf(selection, search, active, current);
    if (target === undefined || !gives) return;
    assign.reset();
    setAsking(target);
  };
  useHotkeys({ "assign.mine": mine, "assign.open": ask }, { enabled: takes });
  return {
    takes,
    gives,
    asking,
    ask,
    cancel: () => setAsking(undefined),
    mine,
    give,
    busy: assign.isPending,
    problem: assign.error,
  };
}

/** The selection, all of the filter where that is selected, else the open break. */
function targetOf(
  { checked, everything }: RowSelection,
  search: WorkstationSearch,
  active: string | undefined,
  current: BreakLine | undefined,
): Target | undefined {
  if (everything) {
    const filter = filterOf(search);
    return {
      selection: { filter: asked(filter) },
      about: text("deed.filter"),
      count: undefined,
      filter,
      chosen: () => true,
    };
  }
  if (checked.size > 0) {
    return {
      selection: { breaks: [...checked] },
      about: text("deed.selected", { n: checked.size }),
      count: checked.size,
      chosen: (line) => checked.has(line.break_id),
    };
  }
  if (active === undefined) return undefined;
  return {
    selection: { breaks: [active] },
    about: current === undefined ? text("assign.open") : aboutOf(current),
    count: 1,
    chosen: (line) => line.break_id === active,
  };
}

function aboutOf({ key, field }: BreakLine): string {
  return field === null ? keyText(key) : `${keyText(key)} · ${field}`;
}
