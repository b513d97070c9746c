import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { useMay } from "@/features/session/session";
import { text, textOf } from "@/texts/text";
import { StateBadge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Section } from "@/ui/Page";
import { Segments } from "@/ui/Segments";
import { DateText, TimeText } from "@/ui/values";
import type { AdministrationSearch, Change } from "./address";
import { Listed } from "./Listed";
import { Notices } from "./Notices";
import { type JobState, jobsQuery } from "./queries";
import { Queues } from "./Queues";
import { refused } from "./refused";

const STATES: readonly JobState[] = ["dead", "waiting", "running", "done", "cancelled"];

/** Work of the engines; what was given up says why, and can be tried again. */
export function Jobs({ search, go }: { search: AdministrationSearch; go: (change: Change) => void }) {
  const may = useMay();
  const client = useQueryClient();
  const state = search.state ?? "dead";
  const query = useInfiniteQuery(jobsQuery(state));
  const again = () => void client.invalidateQueries({ queryKey: ["jobs"] });
  const retry = useMutation({
    mutationFn: (job: number) => answer(api.POST("/api/v1/jobs/{job}/retry", { params: { path: { job } } })),
    onError: (problem) => refused(problem, again),
    onSettled: again,
  });
  return (
    <>
      <Queues />
      <Section
        title={text("admin.tab.jobs")}
        actions={
          <Segments
            label={text("admin.state")}
            value={state}
            onChange={(next) => go({ state: next as JobState })}
            choices={STATES.map((one) => ({ value: one, label: textOf("job", one) }))}
          />
        }
      >
        <Listed
          query={query}
          heads={[
            text("admin.job"),
            text("admin.work"),
            text("admin.recon"),
            text("admin.date"),
            text("admin.state"),
            text("admin.attempts"),
            text("admin.made"),
            text("admin.error"),
            text("admin.do"),
          ]}
          empty={text("admin.noJobs")}
          hint={text("admin.noJobsHint")}
        >
          {(job) => (
            <tr key={job.job}>
              <td>{job.job}</td>
              <td>{`${job.engine} · ${job.kind}`}</td>
              <td>{job.recon}</td>
              <td>
                <DateText date={job.business_date} />
              </td>
              <td>
                <StateBadge state={job.state} />
              </td>
              <td>{text("admin.attemptsOf", { n: job.attempts, most: job.most_attempts })}</td>
              <td>
                <TimeText moment={job.created_at} ago />
              </td>
              <td>
                {job.error}
                {job.remedy !== null && <span className="soft"> {job.remedy}</span>}
              </td>
              <td>
                {job.state === "dead" && may("jobs.manage") && (
                  <Button onClick={() => retry.mutate(job.job)}>{text("kit.retry")}</Button>
                )}
              </td>
            </tr>
          )}
        </Listed>
      </Section>
      <Notices search={search} go={go} />
    </>
  );
}
