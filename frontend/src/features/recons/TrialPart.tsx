import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { Checkbox, TextField } from "@/ui/Field";
import { Section } from "@/ui/Page";
import { Empty, ProblemView, Skeleton } from "@/ui/states";
import { TrialResult } from "./TrialResult";
import { type Checked, useSettled } from "./validation";

const ROWS = 5000;
const SHOWN = 20;

interface TrialPartProps {
  title: string;
  document: string;
  day: string;
  /** Where the date of the sample is chosen here. */
  onDay?: (day: string) => void;
  validation: Checked;
}

function trialQuery(document: string, day: string) {
  return queryOptions({
    queryKey: ["definitions", "trial", document, day],
    queryFn: ({ signal }) =>
      answer(
        api.POST("/api/v1/definitions/trial", {
          body: { document, business_date: day, rows: ROWS, causes: false, shown: SHOWN },
          signal,
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}

/** The definition on a sample of both sides: counts that follow what is changed. Nothing is stored. */
export function TrialPart({ title, document, day, onDay, validation }: TrialPartProps) {
  const [always, setAlways] = useState(true);
  const settled = useSettled(document, 700);
  const ready = validation.valid === true && settled === document && day !== "";
  const query = useQuery({
    ...trialQuery(settled, day),
    enabled: always && ready,
    placeholderData: (before) => before,
  });
  return (
    <Section
      title={title}
      actions={
        <div className="row">
          <span role="status" className="soft small">
            {query.isFetching ? text("draft.trying") : ""}
          </span>
          {onDay !== undefined && (
            <TextField
              label={text("draft.day")}
              hideLabel
              type="date"
              value={day}
              onChange={({ target }) => onDay(target.value)}
            />
          )}
          <Checkbox
            label={text("draft.tryAlways")}
            checked={always}
            onChange={({ target }) => setAlways(target.checked)}
          />
          <Button busy={query.isFetching} disabled={!ready} onClick={() => void query.refetch()}>
            {text("draft.try")}
          </Button>
        </div>
      }
    >
      {validation.valid === false && validation.problems.length > 0 ? (
        <Empty title={text("draft.mend")}>{text("draft.problems", { n: validation.problems.length })}</Empty>
      ) : query.error !== null ? (
        <ProblemView problem={query.error} retry={() => void query.refetch()} />
      ) : query.data !== undefined ? (
        <div aria-busy={query.isFetching} className={query.isPlaceholderData ? "recons__old" : undefined}>
          <TrialResult trial={query.data} />
        </div>
      ) : query.isFetching ? (
        <Skeleton lines={5} />
      ) : (
        <Empty title={text("draft.tryFirst")}>{text("draft.tryFirstHint")}</Empty>
      )}
    </Section>
  );
}
