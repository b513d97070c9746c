import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { Problem } from "@/api/problem";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import { notify } from "@/ui/notices";
import { Section } from "@/ui/Page";
import { ProblemView } from "@/ui/states";

/** Asks for a run of each business date of a range. */
export function Backfill({ recon }: { recon: string }) {
  const client = useQueryClient();
  const [first, setFirst] = useState("");
  const [last, setLast] = useState("");
  const ask = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/recons/{recon}/backfill", {
          params: { path: { recon } },
          body: { first, last },
        }),
      ),
    onSuccess: ({ asked }) => {
      notify({ tone: "passed", title: text("schedule.backfilled", { n: asked.length }) });
      void client.invalidateQueries({ queryKey: ["runs"] });
    },
  });
  return (
    <Section title={text("schedule.backfill")}>
      <form
        className="section__body"
        onSubmit={(event) => {
          event.preventDefault();
          ask.mutate();
        }}
      >
        <div className="draft__pairing">
          <TextField
            label={text("schedule.first")}
            type="date"
            value={first}
            onChange={({ target }) => setFirst(target.value)}
          />
          <TextField
            label={text("schedule.last")}
            type="date"
            value={last}
            onChange={({ target }) => setLast(target.value)}
          />
          <Button submit busy={ask.isPending} disabled={first === "" || last === ""}>
            {text("schedule.backfillIt")}
          </Button>
        </div>
        {ask.error instanceof Problem && <ProblemView problem={ask.error} />}
      </form>
    </Section>
  );
}
