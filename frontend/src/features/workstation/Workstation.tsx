import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useState } from "react";
import { breakQuery } from "@/features/session/breaks";
import { usePane, usePreferences } from "@/features/session/preferences";
import { useRecon } from "@/features/session/recons";
import { useMay } from "@/features/session/session";
import { text } from "@/texts/text";
import { useTitle } from "@/ui/Page";
import { SplitPane } from "@/ui/SplitPane";
import { ActionLog } from "./ActionLog";
import { type Change, changed, filterOf } from "./address";
import { AssignDialog } from "./AssignDialog";
import { BreakPane } from "./BreakPane";
import { BreaksPane } from "./BreaksPane";
import { DecideDialog } from "./DecideDialog";
import { lineOf } from "./detail";
import { SidePane } from "./SidePane";
import { StatusBar } from "./StatusBar";
import { useActive } from "./useActive";
import { useAhead } from "./useAhead";
import { AssigningContext, useAssigning } from "./useAssigning";
import { useBreaks } from "./useBreaks";
import { useDeciding } from "./useDeciding";
import { withinGroup } from "./grouping";
import { useListKeys } from "./useListKeys";
import { useSelection } from "./useSelection";
import "./workstation.css";

/** Causes and views, breaks, and the open break with its evidence: decided by single keys. */
export function Workstation() {
  const { recon } = useParams({ from: "/shell/recons/$recon/breaks" });
  return <Desk key={recon} recon={recon} />;
}

function Desk({ recon }: { recon: string }) {
  useTitle(recon);
  useRemembered(recon);
  const search = useSearch({ from: "/shell/recons/$recon/breaks" });
  const navigate = useNavigate({ from: "/recons/$recon/breaks" });
  const may = useMay();
  const [log, setLog] = useState(false);
  const go = useCallback(
    (change: Change) => void navigate({ search: (before) => changed(before, change), replace: true }),
    [navigate],
  );
  const closed = search.by !== undefined && search.by !== "age" && search.open === undefined;
  const effective = useMemo(() => withinGroup(search), [search]);
  const breaks = useBreaks(recon, effective, !closed);
  const [active, activate] = useActive(search.break, (key) => go({ break: key }));
  const listed = breaks.rows.find((line) => line.break_id === active);
  // A link may lead to a break that the list does not hold: it is decided like any other.
  const { data: opened } = useQuery({
    ...breakQuery(recon, active ?? ""),
    enabled: active !== undefined && listed === undefined,
  });
  const current = listed ?? lineOf(opened);
  const selection = useSelection(breaks.rows, JSON.stringify(filterOf(effective)));
  const deciding = useDeciding({
    recon,
    rows: breaks.rows,
    current,
    selection,
    search: effective,
    activate,
    enabled: may("breaks.propose", recon),
    onLog: () => setLog(true),
  });
  const assigning = useAssigning({ recon, active, current, selection, search: effective });
  useAhead(recon, breaks.rows, active);
  useListKeys({ rows: breaks.rows, active, activate, selection });

  const [left, setLeft] = usePane("workstation.left", 216);
  const [right, setRight] = usePane("workstation.right", 384);
  const leftName = text("side.title");
  const rightName = text("break.title");
  return (
    <AssigningContext value={assigning}>
      <div className="desk">
        <h1 className="visually-hidden">{text("breaks.heading", { recon })}</h1>
        <SplitPane
          side="start"
          folds="medium"
          label={leftName}
          size={left}
          least={160}
          most={400}
          onSize={setLeft}
          pane={<SidePane recon={recon} search={search} go={go} />}
        >
          <SplitPane
            side="end"
            label={rightName}
            size={right}
            least={300}
            most={720}
            onSize={setRight}
            pane={
              <BreakPane
                recon={recon}
                id={active}
                line={current}
                search={search}
                go={go}
                deciding={deciding}
              />
            }
          >
            <BreaksPane
              {...{ recon, search, effective, go, breaks, active, selection }}
              onActivate={activate}
              onAct={deciding.ask}
              canAct={deciding.enabled}
            />
          </SplitPane>
        </SplitPane>
        <StatusBar deciding={deciding} onLog={() => setLog(true)} recon={recon} />
        {deciding.asking !== undefined && (
          <DecideDialog recon={recon} asking={deciding.asking} deciding={deciding} />
        )}
        {assigning.asking !== undefined && (
          <AssignDialog recon={recon} asking={assigning.asking} assigning={assigning} />
        )}
        {log && <ActionLog recon={recon} onClose={() => setLog(false)} />}
      </div>
    </AssigningContext>
  );
}

/** Opens this recon by itself the next time, if there is one of that name. */
function useRemembered(name: string): void {
  const { preferences, change } = usePreferences();
  const known = useRecon(name)?.name;
  useEffect(() => {
    if (known !== undefined && preferences.recon !== known) change(() => ({ recon: known }));
  }, [preferences.recon, known, change]);
}
