import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMe } from "@/features/session/session";
import { classes } from "@/lib/classes";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { Empty, Loaded } from "@/ui/states";
import { Count } from "@/ui/values";
import { EVERY, type Filter, FILTERS, filterOf, type Change, type WorkstationSearch } from "./address";
import { causeName, causePlace } from "./causes";
import type { CauseLine } from "./detail";
import { causesQuery, facetsQuery } from "./facets";
import { SavedViews } from "./SavedViews";

interface SidePaneProps {
  recon: string;
  search: WorkstationSearch;
  go: (change: Change) => void;
}

const NONE = Object.fromEntries(FILTERS.map((name) => [name, undefined]));

/** A change of the address that leaves the given filter and no other. */
export function only(filter: Filter): Change {
  return { ...NONE, jump: undefined, by: undefined, open: undefined, break: undefined, ...filter };
}

/** Causes first, then the views people keep, then breaks by what became of them. */
export function SidePane({ recon, search, go }: SidePaneProps) {
  const causes = useInfiniteQuery(causesQuery(recon));
  const shown = { cause: search.cause, group: search.group };
  return (
    <div className="side">
      <h2 className="side__head">{text("side.causes")}</h2>
      <Loaded query={causes} lines={8}>
        {({ pages }) => {
          const found = pages.flatMap((page) => page.items).filter((cause) => cause.open > 0);
          if (found.length === 0) return <Empty title={text("side.none")}>{text("side.noneHint")}</Empty>;
          return (
            <ul className="side__list">
              {found.map((cause) => (
                <li key={cause.cause_id}>
                  <CauseItem
                    cause={cause}
                    lit={(cause.explains ? shown.cause : shown.group) === cause.cause_id}
                    onOpen={() =>
                      go(only(cause.explains ? { cause: cause.cause_id } : { group: cause.cause_id }))
                    }
                  />
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
      {causes.hasNextPage && (
        <Button look="quiet" busy={causes.isFetchingNextPage} onClick={() => void causes.fetchNextPage()}>
          {text("side.more")}
        </Button>
      )}
      <Work recon={recon} search={search} go={go} />
      <SavedViews recon={recon} search={search} go={go} />
    </div>
  );
}

function CauseItem({ cause, lit, onOpen }: { cause: CauseLine; lit: boolean; onOpen: () => void }) {
  const place = causePlace(cause);
  return (
    <button
      type="button"
      className="side__item"
      aria-current={lit || undefined}
      onClick={onOpen}
      title={cause.explanation ?? undefined}
    >
      <span className={classes("side__dot", !cause.explains && "side__dot--open")} aria-hidden="true" />
      <span className="side__name">
        {causeName(cause)}
        {place !== "" && <span className="side__place">{place}</span>}
      </span>
      <span className="side__count">
        <Count value={cause.open} />
      </span>
    </button>
  );
}

/** Counts that lead to their rows: what waits, what is mine, and every state. */
function Work({ recon, search, go }: SidePaneProps) {
  const me = useMe();
  const { data: facets } = useQuery(facetsQuery(recon, { state: [EVERY] }));
  const { data: open } = useQuery(facetsQuery(recon, {}));
  const now = filterOf(search);
  const states = facets?.state ?? [];
  const of = (state: string) => states.find((slot) => slot.value === state)?.breaks ?? 0;
  const mine =
    open?.assignee.filter((one) => one.assignee === me.name).reduce((sum, one) => sum + one.breaks, 0) ?? 0;
  const old = open?.age.filter((band) => band.from_days > 7).reduce((sum, band) => sum + band.breaks, 0) ?? 0;
  const lines: { id: string; name: string; count: number; filter: Filter }[] = [
    { id: "waiting", name: text("side.waiting"), count: of("in_review") + of("returned"), filter: {} },
    { id: "mine", name: text("side.mine"), count: mine, filter: { assignee: me.name } },
    { id: "old", name: text("side.old"), count: old, filter: { older_than_days: 7 } },
    ...(["proposed", "returned", "passed", "approved", "rejected"] as const).map((state) => ({
      id: state,
      name: text(`state.${state}`),
      count: of(state),
      filter: { state: [state] },
    })),
  ];
  return (
    <>
      <h2 className="side__head">{text("side.breaks")}</h2>
      <ul className="side__list">
        {lines.map((line) => (
          <li key={line.id}>
            <button
              type="button"
              className="side__item"
              aria-current={JSON.stringify(now) === JSON.stringify(line.filter) || undefined}
              onClick={() => go(only(line.filter))}
            >
              <span className="side__name">{line.name}</span>
              <span className="side__count">{facets === undefined ? "…" : <Count value={line.count} />}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
