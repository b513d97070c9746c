import { RunFigureLink } from "@/features/session/FigureLink";
import { formatShare } from "@/lib/numbers";
import { text, textOf } from "@/texts/text";
import { useLocale } from "@/ui/locale";
import { Section } from "@/ui/Page";
import { Empty } from "@/ui/states";
import { Count } from "@/ui/values";
import { BANDS, PASSED_BY } from "./filters";
import type { RunShown } from "./queries";

/** Breaks by what became of them: passed, and by what; in review; rejected. Each leads to its rows while they are present. */
export function Bands({ run, bands }: { run: RunShown; bands: NonNullable<RunShown["bands"]> }) {
  const locale = useLocale();
  const all = bands.passed + bands.review + bands.rejected;
  if (all === 0) {
    return (
      <Section title={text("runs.bands")}>
        <Empty title={text("runs.noBreaks")}>{text("runs.noBreaksHint")}</Empty>
      </Section>
    );
  }
  const tones = ["passed", "review", "rejected"] as const;
  return (
    <Section title={text("runs.bands")}>
      <div className="section__body">
        <div className="meter runs__meter" aria-hidden="true">
          {tones.map((tone) =>
            bands[tone] === 0 ? null : (
              <span key={tone} data-tone={tone} style={{ width: `${(100 * bands[tone]) / all}%` }} />
            ),
          )}
        </div>
        <dl className="runs__bands">
          {tones.map((tone) => (
            <div key={tone} data-tone={tone}>
              <dt>{text(`runs.${tone}`)}</dt>
              <dd>
                <strong>
                  <RunFigureLink recon={run.recon} filter={BANDS[tone]} value={bands[tone]}>
                    <Count value={bands[tone]} />
                  </RunFigureLink>
                </strong>
                <span className="soft">{formatShare(bands[tone] / all, locale)}</span>
              </dd>
              {tone === "passed" && <PassedBy recon={run.recon} by={bands.passed_by} />}
            </div>
          ))}
        </dl>
      </div>
    </Section>
  );
}

function PassedBy({ recon, by }: { recon: string; by: Record<string, number> }) {
  const found = Object.entries(by).filter(([, breaks]) => breaks > 0);
  return (
    <>
      {found.map(([what, breaks]) => (
        <dd key={what} className="runs__by" title={textOf("bandWorth", what)}>
          <PassedCount recon={recon} what={what} breaks={breaks} />
          <span className="soft">{textOf("band", what)}</span>
        </dd>
      ))}
    </>
  );
}

function PassedCount({ recon, what, breaks }: { recon: string; what: string; breaks: number }) {
  const filter = PASSED_BY[what];
  const count = <Count value={breaks} />;
  if (filter === undefined) return count;
  return (
    <RunFigureLink recon={recon} filter={filter} value={breaks}>
      {count}
    </RunFigureLink>
  );
}
