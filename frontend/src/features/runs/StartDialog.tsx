import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useId, useState } from "react";
import { answer, api } from "@/api/client";
import { Problem } from "@/api/problem";
import { reconsQuery } from "@/features/session/recons";
import { useMay } from "@/features/session/session";
import { today } from "@/lib/dates";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Checkbox, SelectField, TextField } from "@/ui/Field";
import { ProblemView } from "@/ui/states";

interface StartDialogProps {
  recon: string | undefined;
  /** A run whose date is run again; without it, a date is asked for. */
  again?: { run: number; date: string };
  onClose: () => void;
}

/** Asks for a run, then shows it. */
export function StartDialog({ recon, again, onClose }: StartDialogProps) {
  const { data: recons = [] } = useQuery(reconsQuery);
  const may = useMay();
  const navigate = useNavigate();
  const client = useQueryClient();
  const id = useId();
  const [chosen, setChosen] = useState(recon);
  const [day, setDay] = useState(again?.date ?? today());
  const [causes, setCauses] = useState(true);
  const [urgent, setUrgent] = useState(false);
  const possible = recons.filter(
    ({ name, effective_version }) => effective_version !== null && may("runs.start", name),
  );
  const name = chosen ?? (possible.length === 1 ? possible[0]?.name : undefined);
  const start = useMutation({
    mutationFn: (at: string) => {
      const how = { urgency: urgent ? 10 : 0, causes };
      if (again === undefined) {
        return answer(
          api.POST("/api/v1/recons/{recon}/runs", {
            params: { path: { recon: at } },
            body: { business_date: day, ...how },
          }),
        );
      }
      return answer(
        api.POST("/api/v1/recons/{recon}/runs/{run}/rerun", {
          params: { path: { recon: at, run: again.run } },
          body: how,
        }),
      );
    },
    onSuccess: async ({ run }, at) => {
      void client.invalidateQueries({ queryKey: ["runs"] });
      onClose();
      await navigate({ to: "/recons/$recon/runs/$run", params: { recon: at, run } });
    },
  });
  const problem = start.error instanceof Problem ? start.error : undefined;
  const dayError = problem?.field?.includes("business_date") === true ? problem.detail : undefined;
  return (
    <Dialog
      open
      onClose={onClose}
      title={again === undefined ? text("runs.start") : text("runs.againTitle", { date: again.date })}
      foot={
        <>
          <Button onClick={onClose}>{text("kit.cancel")}</Button>
          <Button
            look="main"
            submit
            form={id}
            busy={start.isPending}
            disabled={name === undefined || day === ""}
          >
            {text(again === undefined ? "runs.startIt" : "runs.again")}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (name !== undefined && day !== "") start.mutate(name);
        }}
      >
        <p className="soft">{text(again === undefined ? "runs.startHint" : "runs.againHint")}</p>
        {recon === undefined && (
          <SelectField
            label={text("runs.recon")}
            value={name ?? ""}
            choices={[
              { value: "", label: text("runs.chooseRecon") },
              ...possible.map((one) => ({ value: one.name, label: one.name })),
            ]}
            onChange={({ target }) => setChosen(target.value === "" ? undefined : target.value)}
          />
        )}
        {again === undefined && (
          <TextField
            label={text("runs.date")}
            type="date"
            required
            value={day}
            error={dayError}
            onChange={({ target }) => setDay(target.value)}
          />
        )}
        <Checkbox
          label={text("runs.causes")}
          checked={causes}
          onChange={({ target }) => setCauses(target.checked)}
        />
        <Checkbox
          label={text("runs.urgent")}
          checked={urgent}
          onChange={({ target }) => setUrgent(target.checked)}
        />
        {problem !== undefined && dayError === undefined && <ProblemView problem={problem} />}
      </form>
    </Dialog>
  );
}
