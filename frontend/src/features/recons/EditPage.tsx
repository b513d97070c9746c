import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { today } from "@/lib/dates";
import { text } from "@/texts/text";
import { Page, Section } from "@/ui/Page";
import { Empty, Loaded } from "@/ui/states";
import type { ReconSearch } from "./address";
import { DefinitionText } from "./DefinitionText";
import { DifferenceView } from "./DifferenceView";
import { reconQuery, versionQuery } from "./queries";
import { SavePart } from "./SavePart";
import { TrialPart } from "./TrialPart";
import { useSettled, useValidation } from "./validation";
import "./recons.css";

/** Changes a definition: its text, what that changes, a trial, and saving it as a new version. */
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
        {(shown) => <Desk key={shown.version} recon={recon} before={shown.document} />}
      </Loaded>
    </Page>
  );
}

function Desk({ recon, before }: { recon: string; before: string }) {
  const [document, setDocument] = useState(before);
  const [day, setDay] = useState(today());
  const validation = useValidation(document);
  const settled = useSettled(document);
  const difference = useQuery({
    queryKey: ["definitions", "difference", before, settled],
    queryFn: ({ signal }) =>
      answer(api.POST("/api/v1/definitions/difference", { body: { before, after: settled }, signal })),
    enabled: validation.valid === true && settled !== before && settled === document,
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <Section title={text("edit.text")}>
        <div className="section__body">
          <DefinitionText document={document} onChange={setDocument} problems={validation.problems} />
        </div>
      </Section>
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
