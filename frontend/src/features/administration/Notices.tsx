import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { useMay } from "@/features/session/session";
import { text, textOf } from "@/texts/text";
import { Button } from "@/ui/Button";
import { Section } from "@/ui/Page";
import { Segments } from "@/ui/Segments";
import { DateText, TimeText } from "@/ui/values";
import type { AdministrationSearch, Change } from "./address";
import { Listed } from "./Listed";
import { type NoticeState, noticesQuery } from "./queries";
import { refused } from "./refused";

const STATES: readonly NoticeState[] = ["dead", "waiting", "sent"];

/** What somebody was told by mail or webhook, or could not be told; what was given up can be tried again. */
export function Notices({ search, go }: { search: AdministrationSearch; go: (change: Change) => void }) {
  const may = useMay();
  const client = useQueryClient();
  const state = search.notices ?? "dead";
  const query = useInfiniteQuery(noticesQuery(state));
  const again = () => void client.invalidateQueries({ queryKey: ["notices"] });
  const retry = useMutation({
    mutationFn: (notice: number) =>
      answer(api.POST("/api/v1/notices/{notice}/retry", { params: { path: { notice } } })),
    onError: (problem) => refused(problem, again),
    onSettled: again,
  });
  return (
    <Section
      title={text("admin.notices")}
      actions={
        <Segments
          label={text("admin.noticeState")}
          value={state}
          onChange={(next) => go({ notices: STATES.find((one) => one === next) })}
          choices={STATES.map((one) => ({ value: one, label: textOf("notice", one) }))}
        />
      }
    >
      <Listed
        query={query}
        heads={[
          text("admin.recon"),
          text("admin.date"),
          text("admin.event"),
          text("admin.told"),
          text("admin.attempts"),
          text("admin.made"),
          text("admin.error"),
          text("admin.do"),
        ]}
        empty={text("admin.noNotices")}
        hint={text("admin.noNoticesHint")}
      >
        {(notice) => (
          <tr key={notice.notice}>
            <td>{notice.recon}</td>
            <td>
              <DateText date={notice.business_date} />
            </td>
            <td>{textOf("event", notice.event)}</td>
            <td>{notice.target}</td>
            <td>{notice.attempts}</td>
            <td>
              <TimeText moment={notice.sent_at ?? notice.created_at} ago />
            </td>
            <td>{notice.error}</td>
            <td>
              {notice.state === "dead" && may("jobs.manage") && (
                <Button onClick={() => retry.mutate(notice.notice)}>{text("kit.retry")}</Button>
              )}
            </td>
          </tr>
        )}
      </Listed>
    </Section>
  );
}
