import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { Problem } from "@/api/problem";
import { useMay } from "@/features/session/session";
import { formatDate } from "@/lib/dates";
import { text } from "@/texts/text";
import { StateBadge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Facts } from "@/ui/Facts";
import { TextField } from "@/ui/Field";
import { useLocale } from "@/ui/locale";
import { notify } from "@/ui/notices";
import { Section } from "@/ui/Page";
import { Empty, Loaded, ProblemView } from "@/ui/states";
import { Nothing, TimeText } from "@/ui/values";
import { Backfill } from "./Backfill";
import { type ReconShown, type ScheduleShown, scheduleQuery } from "./queries";

/** When a recon runs by itself: shown, set, paused, removed; past dates run again. */
export function SchedulePart({ recon }: { recon: ReconShown }) {
  const query = useQuery(scheduleQuery(recon.name));
  const may = useMay();
  const manages = may("schedules.manage", recon.name);
  return (
    <div className="recons__tab">
      <Section title={text("recon.tabSchedule")}>
        <Loaded query={query}>
          {(found) => (
            <>
              {found === null ? (
                <Empty title={text("schedule.none")}>
                  {text(recon.effective_version === null ? "schedule.needsVersion" : "schedule.noneHint")}
                </Empty>
              ) : (
                <Standing schedule={found} manages={manages} />
              )}
              {manages && recon.effective_version !== null && (
                <Setting key={found?.registered_at ?? ""} recon={recon.name} schedule={found} />
              )}
            </>
          )}
        </Loaded>
      </Section>
      {query.data !== undefined && query.data !== null && may("runs.start", recon.name) && (
        <Backfill recon={recon.name} />
      )}
    </div>
  );
}

const said = (schedule: ScheduleShown | null, name: string, otherwise: string) => {
  const value = schedule?.timing[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : otherwise;
};

function Standing({ schedule, manages }: { schedule: ScheduleShown; manages: boolean }) {
  const locale = useLocale();
  const client = useQueryClient();
  const params = { path: { recon: schedule.recon } };
  const change = useMutation({
    mutationFn: async (what: "pause" | "resume" | "remove") => {
      if (what === "pause") await answer(api.POST("/api/v1/recons/{recon}/schedule/pause", { params }));
      if (what === "resume") await answer(api.POST("/api/v1/recons/{recon}/schedule/resumption", { params }));
      if (what === "remove") await answer(api.DELETE("/api/v1/recons/{recon}/schedule", { params }));
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["recons"] }),
  });
  const paused = schedule.state === "paused";
  return (
    <div className="section__body">
      <Facts
        facts={[
          { name: text("change.state"), value: <StateBadge state={schedule.state} /> },
          { name: text("schedule.cron"), value: <code>{said(schedule, "cron", "")}</code> },
          { name: text("schedule.timezone"), value: said(schedule, "timezone", "UTC") },
          {
            name: text("schedule.next"),
            value:
              schedule.next_at === null ? (
                <Nothing />
              ) : (
                <>
                  <TimeText moment={schedule.next_at} />{" "}
                  {schedule.next_business_date !== null &&
                    text("schedule.nextFor", { date: formatDate(schedule.next_business_date, locale) })}
                </>
              ),
          },
        ]}
      />
      {manages && (
        <div className="row">
          <Button busy={change.isPending} onClick={() => change.mutate(paused ? "resume" : "pause")}>
            {text(paused ? "schedule.resume" : "schedule.pause")}
          </Button>
          <Button look="danger" busy={change.isPending} onClick={() => change.mutate("remove")}>
            {text("schedule.remove")}
          </Button>
        </div>
      )}
      {change.error instanceof Problem && <ProblemView problem={change.error} />}
    </div>
  );
}

function Setting({ recon, schedule }: { recon: string; schedule: ScheduleShown | null }) {
  const client = useQueryClient();
  const [cron, setCron] = useState(said(schedule, "cron", "0 6 * * 1-5"));
  const [timezone, setTimezone] = useState(said(schedule, "timezone", "UTC"));
  const [days, setDays] = useState(String(Math.abs(Number(said(schedule, "business_date", "-1")))));
  const [wait, setWait] = useState(said(schedule, "wait_for_files", "30m"));
  const [overdue, setOverdue] = useState(said(schedule, "overdue", ""));
  const set = useMutation({
    mutationFn: () =>
      answer(
        api.PUT("/api/v1/recons/{recon}/schedule", {
          params: { path: { recon } },
          body: {
            cron,
            timezone,
            business_date: -Number(days),
            wait_for_files: wait,
            ...(overdue === "" ? {} : { overdue }),
          },
        }),
      ),
    onSuccess: () => notify({ tone: "passed", title: text("schedule.saved") }),
    onSettled: () => client.invalidateQueries({ queryKey: ["recons"] }),
  });
  const problem = set.error instanceof Problem ? set.error : undefined;
  const errorOf = (name: string) => (problem?.field?.endsWith(name) === true ? problem.detail : undefined);
  const fields = [
    ["cron", text("schedule.cron"), cron, setCron, text("schedule.cronHint")],
    ["timezone", text("schedule.timezone"), timezone, setTimezone, undefined],
    ["business_date", text("schedule.businessDate"), days, setDays, text("schedule.businessDateHint")],
    ["wait_for_files", text("schedule.wait"), wait, setWait, text("schedule.waitHint")],
    ["overdue", text("schedule.overdue"), overdue, setOverdue, text("schedule.waitHint")],
  ] as const;
  const told = problem !== undefined && fields.some(([name]) => errorOf(name) !== undefined);
  return (
    <form
      className="section__body"
      onSubmit={(event) => {
        event.preventDefault();
        set.mutate();
      }}
    >
      <div className="draft__options">
        {fields.map(([name, label, value, change, hint]) => (
          <TextField
            key={name}
            label={label}
            hint={hint}
            value={value}
            error={errorOf(name)}
            onChange={({ target }) => change(target.value)}
          />
        ))}
      </div>
      {problem !== undefined && !told && <ProblemView problem={problem} />}
      <div className="row">
        <Button look="main" submit busy={set.isPending} disabled={!/^\d+$/.test(days)}>
          {text("schedule.set")}
        </Button>
      </div>
    </form>
  );
}
