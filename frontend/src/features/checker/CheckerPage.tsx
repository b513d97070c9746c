import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useState } from "react";
import { usePane } from "@/features/session/preferences";
import { useHotkeys } from "@/hotkeys/HotkeyProvider";
import { text } from "@/texts/text";
import { useTitle } from "@/ui/Page";
import { Segments } from "@/ui/Segments";
import { SplitPane } from "@/ui/SplitPane";
import { Empty, Loaded } from "@/ui/states";
import { type Change, changed, checkerSearch, STAGES, type Tab, TABS } from "./address";
import { beside, type Entry, following, grouped } from "./entries";
import { ItemPane } from "./ItemPane";
import { Queue } from "./Queue";
import { useEntries } from "./useEntries";
import "./checker.css";

const NONE: ReadonlySet<string> = new Set();

/** What others have proposed and this person may check: the list, and the evidence of what is open. */
export function CheckerPage() {
  useTitle(text("checker.title"));
  const search = useSearch({ from: "/shell/check" });
  const navigate = useNavigate({ from: "/check" });
  const go = useCallback(
    (change: Change, replace = false) =>
      void navigate({ search: (before) => changed(checkerSearch(before), change), replace }),
    [navigate],
  );
  const lists = useEntries(search);
  const tabs = TABS.filter((one) => lists[one] !== undefined);
  const tab: Tab =
    search.tab !== undefined && tabs.includes(search.tab) ? search.tab : (tabs[0] ?? "decisions");
  const stage = search.stage ?? "waiting";
  // What was just decided has left the list for the eye, whatever the server still says.
  const [gone, setGone] = useState(NONE);
  const list = lists[tab];
  const name = (entry: Entry) => `${tab}/${entry.id}`;
  const inOrder =
    list?.entries === undefined
      ? undefined
      : grouped(list.entries.filter((entry) => stage !== "waiting" || !gone.has(name(entry)))).flatMap(
          (group) => group.entries,
        );
  const entries = inOrder ?? [];
  const open = search.item ?? entries[0]?.id;
  // The first entry is another one as soon as somebody proposes: what is open stays, lest a key approve what nobody has read.
  useEffect(() => {
    if (search.item === undefined && open !== undefined) go({ item: open }, true);
  }, [search.item, open, go]);
  const [width, setWidth] = usePane("checker.queue", 320);

  const step = (by: 1 | -1) => {
    const next = beside(entries, open, by);
    if (next !== undefined) go({ item: next.id, break: undefined }, true);
  };
  useHotkeys({
    "list.next": () => step(1),
    "list.previous": () => step(-1),
    "list.clear": () => go({ break: undefined }),
  });

  const leave = () => {
    if (open === undefined) return;
    setGone((before) => new Set([...before, `${tab}/${open}`]));
    go({ item: following(entries, open)?.id, break: undefined }, true);
  };
  const comeBack = () => setGone((before) => new Set([...before].filter((one) => one !== `${tab}/${open}`)));
  const reopen = () => go({ tab, item: open, break: undefined });
  return (
    <div className="check">
      <header className="check__head">
        <h1>{text("checker.title")}</h1>
        <Segments
          label={text("checker.what")}
          value={tab}
          onChange={(next) => go({ tab: next as Tab, item: undefined, break: undefined, stage: undefined })}
          choices={tabs.map((one) => ({
            value: one,
            label: label(
              one,
              stage === "waiting"
                ? lists[one]?.entries?.filter((entry) => !gone.has(`${one}/${entry.id}`)).length
                : undefined,
            ),
          }))}
        />
        {tab === "decisions" && (
          <Segments
            label={text("checker.stage")}
            value={stage}
            onChange={(next) => go({ stage: next as typeof stage, item: undefined, break: undefined })}
            choices={STAGES.map((one) => ({ value: one, label: text(`checker.stage.${one}`) }))}
          />
        )}
      </header>
      <SplitPane
        side="start"
        label={text("checker.queue")}
        size={width}
        least={220}
        most={480}
        onSize={setWidth}
        pane={
          list === undefined ? null : (
            <Loaded query={{ data: inOrder, error: list.error, refetch: list.refetch }} lines={8}>
              {(found) =>
                found.length === 0 ? (
                  <Empty title={text(`checker.none.${stage}`)}>{text("checker.noneHint")}</Empty>
                ) : (
                  <Queue
                    label={text("checker.queue")}
                    entries={found}
                    search={search}
                    open={open}
                    more={list.more}
                  />
                )
              }
            </Loaded>
          )
        }
      >
        {open === undefined ? (
          <Empty title={text("checker.nothingOpen")}>{text("checker.nothingOpenHint")}</Empty>
        ) : (
          <ItemPane
            key={`${tab}/${open}`}
            tab={tab}
            item={open}
            search={search}
            go={go}
            decided={{ leave, comeBack, reopen }}
          />
        )}
      </SplitPane>
    </div>
  );
}

function label(tab: Tab, count: number | undefined): string {
  const words = text(`checker.tab.${tab}`);
  return count === undefined ? words : `${words} ${count}`;
}
