import { useQueries } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { causeQuery } from "@/features/session/breaks";
import type { components } from "@/api/schema";
import { useHotkeys } from "@/hotkeys/HotkeyProvider";
import { formatCount } from "@/lib/numbers";
import { text, textOf } from "@/texts/text";
import { Button, IconButton } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { useLocale } from "@/ui/locale";
import { Menu } from "@/ui/Menu";
import type { Layout } from "@/ui/table/types";
import {
  EVERY,
  type Filter,
  filterOf,
  type Grouping,
  GROUPINGS,
  type Change,
  type WorkstationSearch,
} from "./address";
import { causeName } from "./causes";
import { ColumnsPanel } from "./ColumnsPanel";
import { ExportMenu } from "./ExportMenu";
import { FilterPanel } from "./FilterPanel";
import { JumpBox } from "./JumpBox";
import { useAssigningHere } from "./useAssigning";

interface BreaksToolbarProps {
  recon: string;
  search: WorkstationSearch;
  go: (change: Change) => void;
  count: components["schemas"]["BreakCount"] | undefined;
  layout: Layout | undefined;
  onLayout: (layout: Layout) => void;
  columnsOpen: boolean;
  setColumnsOpen: (open: boolean) => void;
}

const STATES = ["proposed", "passed", "approved", "rejected", EVERY] as const;

/** Which breaks, in which order, under which headings; every restriction can be seen and taken back. */
export function BreaksToolbar(props: BreaksToolbarProps) {
  const { recon, search, go, count, layout, onLayout, columnsOpen, setColumnsOpen } = props;
  const locale = useLocale();
  const [filterOpen, setFilterOpen] = useState(false);
  const [jumpOpen, setJumpOpen] = useState(false);
  const box = useRef<HTMLInputElement>(null);
  useHotkeys({ "list.filter": () => box.current?.focus(), "list.jump": () => setJumpOpen(true) });
  const groupings: (Grouping | undefined)[] = [undefined, ...GROUPINGS];
  const state =
    search.state === undefined ? undefined : search.state.length === 1 ? search.state[0] : "several";
  return (
    <div className="tools">
      <div className="tools__row">
        <Menu
          trigger={
            <Button look="quiet" className="tools__state">
              {state === undefined ? text("breaks.waiting") : stateText(state)}
              <Icon name="chevron" size={12} />
            </Button>
          }
          items={[
            {
              id: "open",
              label: text("breaks.waiting"),
              checked: state === undefined,
              run: () => go({ state: undefined }),
            },
            ...STATES.map((one) => ({
              id: one,
              label: stateText(one),
              checked: state === one,
              run: () => go({ state: [one] }),
            })),
          ]}
        />
        {count !== undefined && (
          <span className="tools__count" title={count.exact ? undefined : text("breaks.atLeast")}>
            {formatCount(count.count, locale)}
            {!count.exact && "+"}
          </span>
        )}
        <SearchBox
          box={box}
          value={search.search}
          onSearch={(value) => go({ search: value, jump: undefined })}
        />
        <FilterPanel recon={recon} search={search} go={go} open={filterOpen} setOpen={setFilterOpen} />
        <span className="desk__push" />
        <AssignButton />
        <JumpBox
          open={jumpOpen}
          setOpen={setJumpOpen}
          onJump={(jump) => go({ jump, by: undefined, open: undefined })}
        />
        <Menu
          align="end"
          trigger={
            <Button look="quiet">
              {search.by === undefined
                ? text("breaks.group")
                : text("breaks.groupedBy", { by: textOf("grouping", search.by) })}
              <Icon name="chevron" size={12} />
            </Button>
          }
          items={groupings.map((by) => ({
            id: by ?? "none",
            label: by === undefined ? text("breaks.ungrouped") : textOf("grouping", by),
            checked: search.by === by,
            run: () => go({ by, open: undefined, jump: undefined }),
          }))}
        />
        <ColumnsPanel layout={layout} onLayout={onLayout} open={columnsOpen} setOpen={setColumnsOpen} />
        <ExportMenu recon={recon} search={search} />
      </div>
      <Restrictions recon={recon} search={search} go={go} />
    </div>
  );
}

/** Gives the selection, else the open break, to somebody; who may not give, takes. */
function AssignButton() {
  const { takes, gives, ask, mine } = useAssigningHere();
  if (!takes) return null;
  return (
    <IconButton
      icon="person"
      label={text(gives ? "assign.do" : "assign.take")}
      onClick={gives ? ask : mine}
    />
  );
}

function stateText(state: string): string {
  if (state === EVERY) return text("breaks.every");
  if (state === "several") return text("breaks.several");
  return textOf("state", state);
}

const PLAIN = new Set<keyof Filter>(["state", "search"]);

/** What restricts the list, each with a way to take it back. */
function Restrictions({ recon, search, go }: Pick<BreaksToolbarProps, "recon" | "search" | "go">) {
  const locale = useLocale();
  const shown = useMemo(() => {
    const entries = Object.entries(filterOf(search)) as [keyof Filter, string | string[] | number][];
    return entries.filter(([name]) => !PLAIN.has(name));
  }, [search]);
  if (shown.length === 0) return null;
  return (
    <div className="tools__chips">
      {shown.map(([name, value]) => (
        <span key={name} className="chip">
          {textOf("filter", name)}:{" "}
          {(name === "cause" || name === "group") && Array.isArray(value) ? (
            <CauseNames recon={recon} causes={value} />
          ) : (
            chipText(name, value, locale)
          )}
          <IconButton
            icon="close"
            label={text("breaks.without", { filter: textOf("filter", name) })}
            onClick={() => go({ [name]: undefined })}
          />
        </span>
      ))}
      <Button look="quiet" onClick={() => go(Object.fromEntries(shown.map(([name]) => [name, undefined])))}>
        {text("breaks.clearFilter")}
      </Button>
    </div>
  );
}

/** Causes and groups by their names; by the beginning of their ids until these are known. */
function CauseNames({ recon, causes }: { recon: string; causes: readonly string[] }) {
  const names = useQueries({
    queries: causes.map((id) => causeQuery(recon, id)),
    combine: (found) =>
      found.map(({ data }, at) => (data === undefined ? causes[at]?.slice(0, 8) : causeName(data))),
  });
  return <>{names.join(", ")}</>;
}

function chipText(name: keyof Filter, value: string | string[] | number, locale: string): string {
  if (typeof value === "number") return formatCount(value, locale);
  const words = Array.isArray(value) ? value : [value];
  return words.map((one) => textOf(name, one)).join(", ");
}

interface SearchBoxProps {
  box: React.RefObject<HTMLInputElement | null>;
  value: string | undefined;
  onSearch: (value: string | undefined) => void;
}

const PAUSE = 250;

/** Filters by how keys begin, while one types. */
function SearchBox({ box, value, onSearch }: SearchBoxProps) {
  const [typed, setTyped] = useState(value ?? "");
  const [seen, setSeen] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  if (seen !== value) {
    setSeen(value);
    setTyped(value ?? "");
  }
  return (
    <label className="tools__search">
      <span className="visually-hidden">{text("breaks.search")}</span>
      <Icon name="filter" size={14} />
      <input
        ref={box}
        type="search"
        className="input"
        placeholder={text("breaks.searchShort")}
        value={typed}
        onChange={(event) => {
          const next = event.target.value;
          setTyped(next);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => onSearch(next === "" ? undefined : next), PAUSE);
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape" || event.key === "Enter") event.currentTarget.blur();
        }}
      />
    </label>
  );
}
