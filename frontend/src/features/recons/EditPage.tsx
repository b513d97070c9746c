import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { answer, api } from "@/api/client";
import { today } from "@/lib/dates";
import { text } from "@/texts/text";
import { notify } from "@/ui/notices";
import { Page, Section } from "@/ui/Page";
import { Segments } from "@/ui/Segments";
import { Empty, Loaded } from "@/ui/states";
import type { ReconSearch } from "./address";
import { DefinitionText } from "./DefinitionText";
import { DifferenceView } from "./DifferenceView";
import type { Draft } from "./draft";
import { EditForm } from "./EditForm";
import { editedDefinition, readDefinition } from "./editing";
import { reconQuery, versionQuery } from "./queries";
import { Rules } from "./Rules";
import { SavePart } from "./SavePart";
import { TrialPart } from "./TrialPart";
import { useSettled, useValidation } from "./validation";
import "./recons.css";

/** Changes a definition: in the form or as text, what that changes, a trial, and saving it as a new version. */
export function EditPage() {
  const { recon } = useParams({ from: "/shell/recons/$recon/edit" });
  const { version }: ReconSearch = useSearch({ strict: false });
  const found = useQuery(reconQuery(recon));
  const number = version ?? found.data?.latest_version ?? undefined;
  const query = useQuery({ ...versionQuery(recon, number ?? 0), enabled: number !== undefined });
  return (
    <Page
      title={text("edit.title", { recon })}
      about={
        <>
          <Link to="/recons/$recon" params={{ recon }}>
            {recon}
          </Link>{" "}
          · {text("edit.about")}
        </>
      }
    >
      <Loaded query={query} lines={8}>
        {(shown) => (
          <Desk
            key={shown.version}
            recon={recon}
            before={shown.document}
            day={found.data?.last_run_date ?? today()}
          />
        )}
      </Loaded>
    </Page>
  );
}

/** The form over a text: what stood there when it was opened, and what was changed since. */
interface Form {
  base: string;
  before: Draft;
  after: Draft;
  kept: readonly string[];
}

function opened(base: string): Form | undefined {
  const found = readDefinition(base);
  return found === undefined
    ? undefined
    : { base, before: found.draft, after: found.draft, kept: found.kept };
}

function Desk({ recon, before, day: first }: { recon: string; before: string; day: string }) {
  const [form, setForm] = useState(() => opened(before));
  const [own, setOwn] = useState(form === undefined ? before : undefined);
  const [day, setDay] = useState(first);
  const document = useMemo(() => {
    if (own !== undefined) return own;
    return form === undefined ? before : editedDefinition(form.base, form.before, form.after);
  }, [own, form, before]);
  const validation = useValidation(document);
  const settled = useSettled(document);
  const difference = useQuery({
    queryKey: ["definitions", "difference", before, settled],
    queryFn: ({ signal }) =>
      answer(api.POST("/api/v1/definitions/difference", { body: { before, after: settled }, signal })),
    enabled: validation.valid === true && settled !== before && settled === document,
    placeholderData: keepPreviousData,
  });
  const turn = (next: string) => {
    if (next === "text") {
      setOwn(document);
      return;
    }
    const read = opened(document);
    if (read === undefined) {
      notify({ tone: "rejected", title: text("edit.noForm"), detail: text("edit.noFormHint") });
      return;
    }
    setForm(read);
    setOwn(undefined);
  };
  const setDraft = (after: Draft) => form !== undefined && setForm({ ...form, after });
  return (
    <>
      <Section
        title={text("edit.text")}
        actions={
          <Segments
            label={text("draft.mode")}
            value={own === undefined ? "mapping" : "text"}
            choices={[
              { value: "mapping", label: text("edit.asForm") },
              { value: "text", label: text("draft.asText") },
            ]}
            onChange={turn}
          />
        }
      >
        {own === undefined && form !== undefined ? (
          <EditForm
            draft={form.after}
            setDraft={setDraft}
            kept={form.kept}
            day={day}
            problems={validation.problems}
          />
        ) : (
          <div className="section__body">
            <DefinitionText document={document} onChange={setOwn} problems={validation.problems} />
          </div>
        )}
      </Section>
      {own === undefined && form !== undefined && (
        <Section title={text("edit.rules")}>
          <Rules draft={form.after} setDraft={setDraft} />
        </Section>
      )}
      <Section title={text("edit.difference")}>
        {document === before || difference.data === undefined ? (
          <Empty title={text(document === before ? "edit.nothing" : "draft.checking")} />
        ) : (
          <DifferenceView difference={difference.data} />
        )}
      </Section>
      <TrialPart
        title={text("edit.trial")}
        document={document}
        day={day}
        onDay={setDay}
        validation={validation}
      />
      <SavePart title={text("edit.save")} document={document} validation={validation} recon={recon} />
    </>
  );
}
