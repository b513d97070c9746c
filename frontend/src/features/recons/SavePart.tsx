import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { Problem } from "@/api/problem";
import { useMay } from "@/features/session/session";
import { today } from "@/lib/dates";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { Checkbox, TextArea, TextField } from "@/ui/Field";
import { notify } from "@/ui/notices";
import { Section } from "@/ui/Page";
import { ProblemView } from "@/ui/states";
import type { Checked } from "./validation";

interface SavePartProps {
  title: string;
  document: string;
  validation: Checked;
  /** The recon whose new version this is; without it, a new recon. */
  recon?: string;
  /** The date from which on it is proposed at first. */
  from?: string;
}

/** Saves the definition as a version, and proposes it to another person. */
export function SavePart({ title, document, validation, recon, from }: SavePartProps) {
  const may = useMay();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [comment, setComment] = useState("");
  const [propose, setPropose] = useState(true);
  const [day, setDay] = useState(from ?? today());
  const save = useMutation({
    mutationFn: async () => {
      const body = { document, comment };
      const saved =
        recon === undefined
          ? await answer(api.POST("/api/v1/recons", { body }))
          : await answer(api.POST("/api/v1/recons/{recon}/versions", { params: { path: { recon } }, body }));
      if (propose) {
        await answer(
          api.POST("/api/v1/recons/{recon}/versions/{version}/changes", {
            params: { path: { recon: saved.recon, version: saved.version } },
            body: { effective_from: day, comment },
          }),
        );
      }
      return saved;
    },
    onSuccess: async (saved) => {
      notify({
        tone: "passed",
        title: text(saved.created ? "draft.savedAs" : "draft.savedSame", { version: saved.version }),
        detail: propose ? text("recon.proposed") : undefined,
      });
      void client.invalidateQueries({ queryKey: ["recons"] });
      void client.invalidateQueries({ queryKey: ["definitions", "validation"] });
      await navigate({
        to: "/recons/$recon",
        params: { recon: saved.recon },
        search: propose ? { tab: "changes" } : { version: saved.version },
      });
    },
  });
  const problem = save.error instanceof Problem ? save.error : undefined;
  return (
    <Section title={title}>
      <form
        className="section__body"
        onSubmit={(event) => {
          event.preventDefault();
          if (validation.valid === true) save.mutate();
        }}
      >
        <TextArea
          label={text("draft.comment")}
          hint={text("draft.commentHint")}
          rows={2}
          value={comment}
          onChange={({ target }) => setComment(target.value)}
        />
        <div className="row">
          <Checkbox
            label={text("draft.alsoPropose")}
            checked={propose}
            onChange={({ target }) => setPropose(target.checked)}
          />
          {propose && (
            <TextField
              label={text("recon.effectiveFrom")}
              type="date"
              value={day}
              onChange={({ target }) => setDay(target.value)}
            />
          )}
        </div>
        {problem !== undefined && <ProblemView problem={problem} />}
        <div className="row">
          <Button
            look="main"
            submit
            busy={save.isPending}
            disabled={validation.valid !== true || (propose && day === "") || !may("recons.propose", recon)}
          >
            {text(propose ? "draft.savePropose" : "draft.saveIt")}
          </Button>
          <span role="status" className="soft small">
            {standing(validation)}
          </span>
        </div>
      </form>
    </Section>
  );
}

function standing({ valid, version, problems }: Checked): string {
  if (valid === undefined) return text("draft.checking");
  if (!valid) return text("draft.problems", { n: problems.length });
  return version === null ? text("draft.valid") : text("draft.sameAs", { version });
}
