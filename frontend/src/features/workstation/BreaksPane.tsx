import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useLayout } from "@/features/session/preferences";
import { useHotkeys } from "@/hotkeys/HotkeyProvider";
import { formatCount } from "@/lib/numbers";
import { text } from "@/texts/text";
import { Button, IconButton } from "@/ui/Button";
import { useLocale } from "@/ui/locale";
import { Empty, ProblemView } from "@/ui/states";
import { DataTable } from "@/ui/table/DataTable";
import { filterOf, restrictions, type Sort, SORTS, type Change, type WorkstationSearch } from "./address";
import { BreaksToolbar } from "./BreaksToolbar";
import { COLUMNS } from "./columns";
import { countQuery } from "./queries";
import { type BreakLine, keyText, type Wish, waits } from "./types";
import { useAssigningHere } from "./useAssigning";
import type { useBreaks } from "./useBreaks";
import { useGroups } from "./useGroups";
import type { RowSelection } from "./useSelection";

interface BreaksPaneProps {
  recon: string;
  search: WorkstationSearch;
  /** With what the open heading of a grouped list adds. */
  effective: WorkstationSearch;
  go: (change: Change) => void;
  breaks: ReturnType<typeof useBreaks>;
  active: string | undefined;
  onActivate: (key: string) => void;
  selection: RowSelection;
  onAct: (kind: Wish["kind"]) => void;
  canAct: boolean;
}

const keyOf = (line: BreakLine) => line.break_id;
const nameOf = (line: BreakLine) => `${keyText(line.key)} ${line.field ?? ""}`;
const BANDS = [1, 3, 8, 31, 91] as const;

/** The band of ages a break is in, as the left pane counts them. */
function ageBand(line: BreakLine): string {
  const at = BANDS.findIndex((from) => line.age_days < from);
  const from = at < 0 ? BANDS[BANDS.length - 1] : (BANDS[at - 1] ?? 0);
  const to = at < 0 ? undefined : (BANDS[at] ?? 1) - 1;
  if (to === undefined) return text("breaks.ageFrom", { from: from ?? 0 });
  if (to === 0) return text("breaks.ageToday");
  return text("breaks.ageBand", { from: from ?? 0, to });
}

const mutedOf = (line: BreakLine) => !waits(line);

/** The list in the middle: any number of breaks, arranged as the person likes. */
export function BreaksPane({
  recon,
  search,
  effective,
  go,
  breaks,
  active,
  onActivate,
  selection,
  onAct,
  canAct,
}: BreaksPaneProps) {
  const [layout, onLayout] = useLayout("breaks");
  const [columnsOpen, setColumnsOpen] = useState(false);
  const groups = useGroups(recon, search);
  const { data: count } = useQuery({
    ...countQuery(recon, filterOf(search)),
    placeholderData: keepPreviousData,
  });
  const onSort = useCallback(
    ({ by, descending }: { by: string; descending: boolean }) =>
      go({
        sort: SORTS.find((sort): sort is Sort => sort === by),
        down: descending ? true : undefined,
        jump: undefined,
      }),
    [go],
  );
  useHotkeys({ "list.columns": () => setColumnsOpen(true) });
  const jumped = search.jump;
  return (
    <>
      <BreaksToolbar {...{ recon, search, go, count, layout, onLayout, columnsOpen, setColumnsOpen }} />
      {selection.checked.size > 0 && (
        <BulkBar
          count={countQuery(recon, filterOf(effective))}
          selection={selection}
          onAct={onAct}
          canAct={canAct}
        />
      )}
      {jumped !== undefined && (
        <div className="desk__strip">
          <span>{text("breaks.jumped", { key: jumped })}</span>
          <Button look="quiet" onClick={() => go({ jump: undefined })}>
            {text("breaks.fromStart")}
          </Button>
        </div>
      )}
      {breaks.problem !== null && breaks.rows.length === 0 ? (
        <ProblemView problem={breaks.problem} retry={breaks.again} />
      ) : (
        <DataTable
          label={text("breaks.title")}
          columns={COLUMNS}
          rows={breaks.rows}
          keyOf={keyOf}
          nameOf={nameOf}
          mutedOf={mutedOf}
          active={active}
          onActivate={onActivate}
          selection={selection}
          sorting={{
            by: jumped === undefined ? (search.sort ?? "first_date") : "key",
            descending: search.down === true,
          }}
          onSort={onSort}
          layout={layout}
          onLayout={onLayout}
          headingOf={search.by === "age" ? ageBand : undefined}
          groups={groups}
          openGroup={search.open}
          onOpenGroup={(open) => go({ open })}
          total={count?.exact === true ? count.count : undefined}
          more={breaks.more}
          loading={breaks.loading}
          onMore={breaks.loadMore}
          empty={<Nobody search={search} go={go} />}
        />
      )}
    </>
  );
}

function Nobody({ search, go }: Pick<BreaksPaneProps, "search" | "go">) {
  const filtered = restrictions(filterOf(search)) > 0;
  return (
    <Empty
      title={text(filtered ? "breaks.noneFiltered" : "breaks.none")}
      action={
        filtered && (
          <Button
            onClick={() =>
              go(Object.fromEntries(Object.keys(filterOf(search)).map((name) => [name, undefined])))
            }
          >
            {text("breaks.clearFilter")}
          </Button>
        )
      }
    >
      {text(filtered ? "breaks.noneFilteredHint" : "breaks.noneHint")}
    </Empty>
  );
}

interface BulkBarProps {
  /** How many breaks "all" are. */
  count: ReturnType<typeof countQuery>;
  selection: RowSelection;
  onAct: (kind: Wish["kind"]) => void;
  canAct: boolean;
}

/** What is selected and what can be done with it; the keys work here as they do on one break. */
function BulkBar({ count, selection, onAct, canAct }: BulkBarProps) {
  const locale = useLocale();
  const { takes, gives, ask, mine } = useAssigningHere();
  const { data } = useQuery(count);
  const total = data?.count;
  const all = data === undefined ? "…" : `${formatCount(data.count, locale)}${data.exact ? "" : "+"}`;
  return (
    <div className="desk__strip desk__strip--bulk" role="status">
      <strong>
        {selection.everything
          ? text("breaks.everything", { count: all })
          : text("breaks.selected", { count: formatCount(selection.checked.size, locale) })}
      </strong>
      {!selection.everything && total !== undefined && total > selection.checked.size && (
        <Button look="quiet" action="list.selectAll" onClick={selection.takeEverything}>
          {text("breaks.takeAll", { count: all })}
        </Button>
      )}
      <span className="desk__push" />
      {canAct && (
        <>
          <Button action="decide.accept" onClick={() => onAct("accept")}>
            {text("decide.accept")}
          </Button>
          <Button action="decide.override" onClick={() => onAct("override")}>
            {text("decide.override")}
          </Button>
          <Button action="decide.reject" onClick={() => onAct("reject")}>
            {text("decide.reject")}
          </Button>
        </>
      )}
      {takes && (
        <Button action={gives ? "assign.open" : "assign.mine"} onClick={gives ? ask : mine}>
          {text(gives ? "assign.do" : "assign.take")}
        </Button>
      )}
      <IconButton icon="close" label={text("breaks.clear")} onClick={selection.clear} />
    </div>
  );
}
