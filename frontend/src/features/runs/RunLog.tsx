import { useQuery } from "@tanstack/react-query";
import { text, textOf } from "@/texts/text";
import { StateBadge } from "@/ui/Badge";
import { useLocale } from "@/ui/locale";
import { Section } from "@/ui/Page";
import { Loaded } from "@/ui/states";
import { Nothing } from "@/ui/values";
import { logQuery } from "./queries";

/** What happened to a run in order, and the jobs that engines did for it. */
export function RunLog({ recon, run }: { recon: string; run: number }) {
  const query = useQuery(logQuery(recon, run));
  return (
    <Loaded query={query}>
      {(log) => (
        <div className="runs__result">
          <Section title={text("runs.happened")}>
            <div className="runs__scroll">
              <table className="grid-table">
                <thead>
                  <tr>
                    <th>{text("runs.at")}</th>
                    <th>{text("runs.stage")}</th>
                    <th>{text("runs.what")}</th>
                    <th>{text("runs.who")}</th>
                    <th>{text("runs.message")}</th>
                  </tr>
                </thead>
                <tbody>
                  {log.items.map((one, at) => (
                    <tr key={at}>
                      <td>
                        <Clock moment={one.at} />
                      </td>
                      <td>{one.stage === null ? <Nothing /> : textOf("stage", one.stage)}</td>
                      <td>{textOf("happened", one.kind)}</td>
                      <td>{one.actor ?? <Nothing />}</td>
                      <td>
                        {one.message ?? <Nothing />}
                        {one.remedy !== null && <span className="soft"> {one.remedy}</span>}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </Section>
          <Section title={text("runs.jobs")}>
            <table className="grid-table">
              <thead>
                <tr>
                  <th className="number">{text("runs.job")}</th>
                  <th>{text("runs.engine")}</th>
                  <th>{text("runs.stage")}</th>
                  <th>{text("runs.state")}</th>
                  <th className="number">{text("runs.attempts")}</th>
                  <th>{text("runs.worker")}</th>
                  <th>{text("runs.message")}</th>
                </tr>
              </thead>
              <tbody>
                {log.jobs.map((one) => (
                  <tr key={one.job}>
                    <td className="number">{one.job}</td>
                    <td>{one.engine}</td>
                    <td>{textOf("stage", one.kind)}</td>
                    <td>
                      <StateBadge state={one.state} />
                    </td>
                    <td className="number">
                      {text("runs.attemptOf", { attempts: one.attempts, most: one.most_attempts })}
                    </td>
                    <td className="small">{one.worker ?? <Nothing />}</td>
                    <td>{one.error ?? <Nothing />}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Section>
        </div>
      )}
    </Loaded>
  );
}

/** A time to the second: what happened in a run lies seconds apart. */
function Clock({ moment }: { moment: string }) {
  const locale = useLocale();
  const shown = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" }).format(
    new Date(moment),
  );
  return (
    <time dateTime={moment} className="money">
      {shown}
    </time>
  );
}
