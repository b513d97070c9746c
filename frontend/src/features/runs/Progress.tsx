import { formatSeconds } from "@/lib/dates";
import { formatCount, formatShare } from "@/lib/numbers";
import { text, textOf } from "@/texts/text";
import { Badge } from "@/ui/Badge";
import { useLocale } from "@/ui/locale";
import { Section } from "@/ui/Page";
import { Nothing } from "@/ui/values";
import { type LiveRun, rate, STAGES, useLive, useSeconds } from "./live";
import { isOver, type RunShown } from "./queries";

interface Line {
  stage: string;
  standing: "waits" | "works" | "done" | "failed" | "stopped";
  rowsIn: number | null;
  rowsOut: number | null;
  seconds: number | undefined;
  attempts: number;
  step: string | null;
  share: number | null;
  error: string | null;
}

/** The stages of a run with rows per second: live while it goes on, for good when it is over. */
export function Progress({ run }: { run: RunShown }) {
  const locale = useLocale();
  const { live, broken } = useLive(run.recon, run.run, run.state);
  const state = live?.state ?? run.state;
  const over = isOver(state);
  const now = useSeconds(!over);
  const error = live?.error ?? run.error;
  const lines = STAGES.map((stage) => lineOf(stage, run, live, over, now));
  return (
    <Section
      title={text("runs.progress")}
      actions={!over && <Badge tone="proposed">{`${text("runs.live")} · ${textOf("state", state)}`}</Badge>}
    >
      {broken && <p className="runs__note soft">{text("runs.reconnecting")}</p>}
      {error !== null && (
        <p className="runs__note runs__note--bad" role="alert">
          <strong>{text("runs.error")}</strong> {error}
        </p>
      )}
      <table className="grid-table">
        <thead>
          <tr>
            <th>{text("runs.stage")}</th>
            <th>{text("runs.state")}</th>
            <th className="number">{text("runs.in")}</th>
            <th className="number">{text("runs.out")}</th>
            <th className="number">{text("runs.rate")}</th>
            <th className="number">{text("runs.time")}</th>
            <th className="number">{text("runs.attempts")}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.stage}>
              <td>{textOf("stage", line.stage)}</td>
              <td className="runs__standing" data-standing={line.standing}>
                <Standing line={line} locale={locale} />
              </td>
              <Number value={line.rowsIn} locale={locale} />
              <Number value={line.rowsOut} locale={locale} />
              <Number value={rate(line.rowsIn, line.seconds) ?? null} locale={locale} />
              <td className="number">
                {line.seconds === undefined ? <Nothing /> : formatSeconds(line.seconds)}
              </td>
              <Number value={line.attempts === 0 ? null : line.attempts} locale={locale} />
            </tr>
          ))}
        </tbody>
      </table>
      <p className="visually-hidden" role="status">
        {over ? "" : textOf("state", state)}
      </p>
    </Section>
  );
}

function Standing({ line, locale }: { line: Line; locale: string }) {
  const { standing, share, step, stage } = line;
  if (standing !== "works") return <>{line.error ?? text(`runs.${standing}`)}</>;
  return (
    <span className="runs__working">
      {share !== null && (
        <progress
          className="runs__bar"
          value={share}
          max={1}
          aria-label={text("runs.shareOf", { stage: textOf("stage", stage) })}
        />
      )}
      <span>{share === null ? text("runs.works") : formatShare(Math.min(1, share), locale)}</span>
      {step !== null && <span className="soft small">{step}</span>}
    </span>
  );
}

function Number({ value, locale }: { value: number | null; locale: string }) {
  return <td className="number">{value === null ? <Nothing /> : formatCount(Math.round(value), locale)}</td>;
}

/** A stage as it is now: by the live line where there is one, else as the run was loaded. */
function lineOf(stage: string, run: RunShown, live: LiveRun | undefined, over: boolean, now: number): Line {
  const told = live?.stages.find((one) => one.stage === stage);
  const loaded = run.stages.find((one) => one.stage === stage);
  const progress = live?.progress?.stage === stage ? live.progress : null;
  const begun = told?.started_at ?? loaded?.started_at;
  const finished = told?.finished_at;
  const since = (end: number) =>
    begun === undefined ? undefined : Math.max(0, end - Date.parse(begun)) / 1000;
  const measured =
    finished === null || finished === undefined ? loaded?.seconds : since(Date.parse(finished));
  const ended = measured !== null && measured !== undefined;
  const error = told?.error ?? loaded?.error ?? null;
  const standing = standingOf(begun !== undefined, ended, over, error);
  return {
    stage,
    standing,
    rowsIn: told?.rows_in ?? loaded?.rows_in ?? progress?.rows ?? null,
    rowsOut: told?.rows_out ?? loaded?.rows_out ?? null,
    seconds: ended ? measured : standing === "works" ? since(now) : undefined,
    attempts: told?.attempts ?? loaded?.attempts ?? 0,
    step: progress?.step ?? null,
    share: progress?.share ?? null,
    error,
  };
}

function standingOf(begun: boolean, ended: boolean, over: boolean, error: string | null): Line["standing"] {
  if (error !== null) return "failed";
  if (ended) return "done";
  if (over) return "stopped";
  return begun ? "works" : "waits";
}
