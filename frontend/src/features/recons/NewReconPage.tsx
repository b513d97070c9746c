import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { Problem } from "@/api/problem";
import { today } from "@/lib/dates";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import { Page, Section } from "@/ui/Page";
import { Segments } from "@/ui/Segments";
import { ProblemView } from "@/ui/states";
import { asked } from "./asked";
import { DefinitionText } from "./DefinitionText";
import { type Draft, drafted, NO_SOURCE, type SourceDraft, written } from "./draft";
import { Mapping } from "./Mapping";
import type { Inferred } from "./queries";
import { Rules } from "./Rules";
import { SavePart } from "./SavePart";
import { SourceCard } from "./SourceCard";
import { TrialPart } from "./TrialPart";
import { useValidation } from "./validation";
import "./recons.css";

type Sources = Draft["sources"];
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

/** Makes a recon from two sources: proposed, changed, tried, saved. */
export function NewReconPage() {
  const [name, setName] = useState("");
  const [day, setDay] = useState(today());
  const [sources, setSources] = useState<Sources>({ a: NO_SOURCE, b: NO_SOURCE });
  const [draft, setDraft] = useState<Draft>();
  const inference = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/definitions/inference", {
          body: { recon: name, a: asked(sources.a), b: asked(sources.b), business_date: day },
        }),
      ),
    onSuccess: (found) => setDraft(drafted(name, sources, found)),
  });
  const change = (side: "a" | "b") => (part: Partial<SourceDraft>) =>
    setSources((before) => ({ ...before, [side]: { ...before[side], ...part } }));
  const problem = inference.error instanceof Problem ? inference.error : undefined;
  const ready = NAME.test(name) && sources.a.location !== "" && sources.b.location !== "" && day !== "";
  return (
    <Page title={text("draft.title")} about={text("draft.about")}>
      <Section title={text("draft.sources")}>
        <form
          className="section__body"
          onSubmit={(event) => {
            event.preventDefault();
            if (ready) inference.mutate();
          }}
        >
          <div className="draft__line draft__line--names">
            <TextField
              label={text("draft.name")}
              hint={text("draft.nameHint")}
              value={name}
              maxLength={63}
              autoComplete="off"
              error={name === "" || NAME.test(name) ? undefined : text("draft.nameHint")}
              onChange={({ target }) => {
                setName(target.value);
                if (draft !== undefined) setDraft({ ...draft, recon: target.value });
              }}
            />
            <TextField
              label={text("draft.day")}
              hint={text("draft.dayHint", { business: "{business_date}" })}
              type="date"
              value={day}
              onChange={({ target }) => setDay(target.value)}
            />
          </div>
          <div className="draft__sides">
            <SourceCard side="a" source={sources.a} onChange={change("a")} />
            <SourceCard side="b" source={sources.b} onChange={change("b")} />
          </div>
          {problem !== undefined && <ProblemView problem={problem} />}
          <div className="row">
            <Button
              look={draft === undefined ? "main" : "plain"}
              submit
              busy={inference.isPending}
              disabled={!ready}
            >
              {text(draft === undefined ? "draft.infer" : "draft.inferAgain")}
            </Button>
            <span role="status" className="soft">
              {inference.isPending && text("draft.inferring")}
            </span>
          </div>
        </form>
      </Section>
      {draft !== undefined && inference.data !== undefined && (
        <Desk draft={draft} setDraft={setDraft} found={inference.data} day={day} />
      )}
    </Page>
  );
}

interface DeskProps {
  draft: Draft;
  setDraft: (draft: Draft) => void;
  found: Inferred;
  day: string;
}

/** The draft as mapping or as text, its trial, and saving it. */
function Desk({ draft, setDraft, found, day }: DeskProps) {
  const [own, setOwn] = useState<string>();
  const document = own ?? written(draft);
  const validation = useValidation(document);
  return (
    <>
      <Section
        title={text("draft.mapping")}
        actions={
          <Segments
            label={text("draft.mode")}
            value={own === undefined ? "mapping" : "text"}
            choices={[
              { value: "mapping", label: text("draft.asMapping") },
              { value: "text", label: text("draft.asText") },
            ]}
            onChange={(next) => setOwn(next === "text" ? document : undefined)}
          />
        }
      >
        {own === undefined ? (
          <Mapping draft={draft} setDraft={setDraft} found={found} problems={validation.problems} />
        ) : (
          <div className="section__body">
            <p className="soft">{text("draft.textHint")}</p>
            <DefinitionText document={own} onChange={setOwn} problems={validation.problems} />
          </div>
        )}
      </Section>
      {own === undefined && (
        <Section title={text("draft.rules")}>
          <Rules draft={draft} setDraft={setDraft} />
        </Section>
      )}
      <TrialPart title={text("draft.trial")} document={document} day={day} validation={validation} />
      <SavePart title={text("draft.save")} document={document} validation={validation} />
    </>
  );
}
