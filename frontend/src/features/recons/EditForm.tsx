import { useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { text } from "@/texts/text";
import { asked } from "./asked";
import type { Draft } from "./draft";
import { Mapping } from "./Mapping";
import type { Inferred, ProblemShown } from "./queries";

interface EditFormProps {
  draft: Draft;
  setDraft: (draft: Draft) => void;
  /** Places of the definition that the form does not show. */
  kept: readonly string[];
  day: string;
  problems: readonly ProblemShown[];
}

/** Mapping, key and comparisons of a definition that exists, beside rows of its sources where they can be read. */
export function EditForm({ draft, setDraft, kept, day, problems }: EditFormProps) {
  const { a, b } = draft.sources;
  const readable = a.location !== "" && b.location !== "" && day !== "";
  const { data, isFetching } = useQuery({
    queryKey: ["definitions", "inference", draft.recon, a, b, day],
    queryFn: ({ signal }) =>
      answer(
        api.POST("/api/v1/definitions/inference", {
          body: { recon: draft.recon, a: asked(a), b: asked(b), business_date: day },
          signal,
        }),
      ),
    enabled: readable,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <>
      {kept.length > 0 && (
        <div className="section__body">
          <p className="soft">
            {text("edit.kept")}{" "}
            {kept.map((place) => (
              <code key={place} className="draft__kept">
                {place}
              </code>
            ))}
          </p>
        </div>
      )}
      {data === undefined && (
        <p className="section__body soft small" role="status">
          {text(isFetching ? "edit.sampling" : "edit.noSample")}
        </p>
      )}
      <Mapping draft={draft} setDraft={setDraft} found={known(draft, data)} problems={problems} />
    </>
  );
}

/** Columns of the sample with those that the definition names: a column may be missing on that date. */
function known(draft: Draft, sample: Inferred | undefined): Inferred {
  const side = (name: "a" | "b") => ({
    columns: [...new Set([...(sample?.[name].columns ?? []), ...draft.pairs.map((pair) => pair[name])])],
    rows: sample?.[name].rows ?? [],
  });
  return {
    document: "",
    pairs: [],
    key: [],
    key_evidence: null,
    unpaired_a: [],
    unpaired_b: [],
    context: [],
    notes: [],
    a: side("a"),
    b: side("b"),
  };
}
