import { Link } from "@tanstack/react-router";
import { useRecon } from "@/features/session/recons";
import { formatShare } from "@/lib/numbers";
import { text, textOf } from "@/texts/text";
import { useLocale } from "@/ui/locale";
import { Section } from "@/ui/Page";
import { Empty } from "@/ui/states";
import { Count } from "@/ui/values";
import type { RunShown } from "./queries";

const STATES = {
  passed: ["passed", "approved"],
  review: ["in_review", "proposed", "returned"],
  rejected: ["rejected"],
} as const;

/** Breaks by what became of them: passed, and by what; in review; rejected. Each leads to its rows while they are present. */
export function Bands({ run, bands }: { run: RunShown; bands: NonNullable<RunShown["bands"]> }) {
  const locale = useLocale();
  const present = useRecon(run.recon)?.last_run === run.run;
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
                  {present ? (
                    <Link
                      to="/recons/$recon/breaks"
                      params={{ recon: run.recon }}
                      search={{ state: [...STATES[tone]] }}
                    >
                      <Count value={bands[tone]} />
                    </Link>
                  ) : (
                    <Count value={bands[tone]} />
                  )}
                </strong>
                <span className="soft">{formatShare(bands[tone] / all, locale)}</span>
              </dd>
              {tone === "passed" && <PassedBy by={bands.passed_by} />}
            </div>
          ))}
        </dl>
      </div>
    </Section>
  );
}

function PassedBy({ by }: { by: Record<string, number> }) {
  const found = Object.entries(by).filter(([, breaks]) => breaks > 0);
  return (
    <>
      {found.map(([what, breaks]) => (
        <dd key={what} className="runs__by" title={textOf("bandWorth", what)}>
          <Count value={breaks} /> <span className="soft">{textOf("band", what)}</span>
        </dd>
      ))}
    </>
  );
}
