import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { breakQuery } from "@/features/session/breaks";
import { useMay, useMe } from "@/features/session/session";
import { useHotkeys } from "@/hotkeys/HotkeyProvider";
import { text, textOf } from "@/texts/text";
import { StateBadge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Empty, ProblemView, Skeleton } from "@/ui/states";
import { Tabs } from "@/ui/Tabs";
import { DateText, Money, TimeText } from "@/ui/values";
import { TABS, type Change, type WorkstationSearch } from "./address";
import { Assigned } from "./Assigned";
import { CausePart } from "./CausePart";
import { Comments } from "./Comments";
import { Decisions } from "./Decisions";
import type { BreakDetail } from "./detail";
import { History } from "./History";
import { Reasons } from "./Reasons";
import { RecordTable } from "./RecordTable";
import { Similar } from "./Similar";
import { type BreakLine, keyText, waits } from "./types";
import { UndoDialog } from "./UndoDialog";
import { useAssigningHere } from "./useAssigning";
import type { Deciding } from "./useDeciding";
import { Values } from "./Values";

interface BreakPaneProps {
  recon: string;
  id: string | undefined;
  /** The break as the list shows it, which knows the state before the server does. */
  line: BreakLine | undefined;
  search: WorkstationSearch;
  go: (change: Change) => void;
  deciding: Deciding;
}

/** The open break with all that one decides by. */
export function BreakPane({ recon, id, line, search, go, deciding }: BreakPaneProps) {
  const query = useQuery({ ...breakQuery(recon, id ?? ""), enabled: id !== undefined });
  if (id === undefined) return <Empty title={text("break.none")}>{text("break.noneHint")}</Empty>;
  if (query.error !== null && query.data === undefined) {
    return <ProblemView problem={query.error} retry={() => void query.refetch()} />;
  }
  return (
    <div className="pane">
      <Head line={line} detail={query.data} />
      <div className="pane__body">
        {query.data === undefined ? (
          <Skeleton lines={10} />
        ) : (
          <Evidence key={id} recon={recon} detail={query.data} search={search} go={go} deciding={deciding} />
        )}
      </div>
      {deciding.enabled && line !== undefined && waits(line) && <Actions deciding={deciding} />}
      {query.data !== undefined && <UndoOne key={id} recon={recon} detail={query.data} line={line} />}
    </div>
  );
}

function Head({ line, detail }: { line: BreakLine | undefined; detail: BreakDetail | undefined }) {
  const shown = line ?? detail;
  if (shown === undefined) return <div className="pane__head" />;
  const age = shown.age_days;
  return (
    <header className="pane__head">
      <h2 className="pane__title">
        {keyText(shown.key)}
        <span className="soft"> · {shown.field ?? shown.check ?? textOf("kind", shown.kind)}</span>
      </h2>
      <div className="pane__facts">
        <StateBadge state={shown.state} filled />
        {shown.amount !== null && <Money amount={shown.amount} currency={shown.currency} />}
        {age !== null && shown.first_date !== null && (
          <span className="soft">
            {text("break.since", { n: age })} <DateText date={shown.first_date} />
          </span>
        )}
        <With shown={shown} />
        {shown.due_at !== null && (
          <span className="soft">
            {text("break.due")} <TimeText moment={shown.due_at} ago />
          </span>
        )}
      </div>
    </header>
  );
}

/** Who has it, and a way to give it to somebody. */
function With({ shown }: { shown: BreakLine | BreakDetail }) {
  const { takes, gives, ask, mine } = useAssigningHere();
  const me = useMe();
  const { assignee, assigned_group: group, state } = shown;
  const mineAlready = assignee === me.name;
  return (
    <span className="soft pane__with">
      {assignee !== null && text("break.with", { name: assignee })}
      {assignee !== null && group !== null && " · "}
      {group !== null && text("assign.withGroup", { name: group })}
      {assignee === null && group === null && text("assign.nobody")}
      {state !== "resolved" && (gives || (takes && !mineAlready)) && (
        <button type="button" className="linklike" onClick={gives ? ask : mine}>
          {text(gives ? "assign.do" : "assign.take")}
        </button>
      )}
    </span>
  );
}

/** Takes back what was decided about this break alone. */
function UndoOne({
  recon,
  detail,
  line,
}: {
  recon: string;
  detail: BreakDetail;
  line: BreakLine | undefined;
}) {
  const may = useMay();
  const [asking, setAsking] = useState(false);
  const state = line?.state ?? detail.state;
  const proposal = detail.decisions[0]?.proposal ?? null;
  const undone =
    state === "proposed" || state === "in_review" || state === "returned" || state === "resolved";
  const offered = !undone && proposal !== null && may("breaks.approve", recon);
  useHotkeys({ "decide.undoOne": () => setAsking(true) }, { enabled: offered });
  if (!offered) return null;
  return (
    <footer className="pane__foot">
      <Button icon="undo" action="decide.undoOne" onClick={() => setAsking(true)}>
        {text("undo.one")}
      </Button>
      {asking && (
        <UndoDialog
          recon={recon}
          proposal={proposal}
          breaks={[detail.break_id]}
          about={`${keyText(detail.key)} · ${detail.field ?? textOf("kind", detail.kind)}`}
          onClose={() => setAsking(false)}
        />
      )}
    </footer>
  );
}

interface EvidenceProps {
  recon: string;
  detail: BreakDetail;
  search: WorkstationSearch;
  go: (change: Change) => void;
  deciding: Deciding;
}

function Evidence({ recon, detail, search, go, deciding }: EvidenceProps) {
  const id = detail.break_id;
  const tab = search.tab ?? "evidence";
  useHotkeys({ "decide.comment": () => go({ tab: "comments" }) });
  const contents: Record<(typeof TABS)[number], () => React.ReactNode> = {
    evidence: () => <RecordTable detail={detail} />,
    history: () => <History recon={recon} id={id} />,
    similar: () => <Similar recon={recon} id={id} go={go} />,
    comments: () => <Comments recon={recon} id={id} />,
    decisions: () => (
      <>
        <Decisions detail={detail} />
        <Assigned recon={recon} id={id} />
      </>
    ),
  };
  return (
    <>
      <Values detail={detail} />
      <Reasons candidates={detail.reasons} deciding={deciding} />
      {detail.cause !== null && <CausePart recon={recon} cause={detail.cause} go={go} deciding={deciding} />}
      <Tabs
        open={tab}
        onOpen={(next) => go({ tab: TABS.find((one) => one === next) })}
        tabs={TABS.map((one) => ({ id: one, label: text(`break.tab.${one}`), content: contents[one] }))}
      />
    </>
  );
}

function Actions({ deciding }: { deciding: Deciding }) {
  return (
    <footer className="pane__foot">
      <Button look="main" action="decide.accept" onClick={() => deciding.ask("accept")}>
        {text("decide.accept")}
      </Button>
      <Button action="decide.override" onClick={() => deciding.ask("override")}>
        {text("decide.override")}
      </Button>
      <Button action="decide.reject" onClick={() => deciding.ask("reject")}>
        {text("decide.reject")}
      </Button>
      <Button look="quiet" action="decide.ask" onClick={() => deciding.ask("request_information")}>
        {text("decide.ask")}
      </Button>
    </footer>
  );
}
