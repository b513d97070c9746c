import { useQuery } from "@tanstack/react-query";
import { type SyntheticEvent, useId, useState } from "react";
import { answer, api } from "@/api/client";
import { formatCount } from "@/lib/numbers";
import { text, textOf } from "@/texts/text";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { SelectField, TextArea, TextField } from "@/ui/Field";
import { useLocale } from "@/ui/locale";
import { ProblemView, Skeleton } from "@/ui/states";
import { Money } from "@/ui/values";
import { reasonsQuery } from "./queries";
import type { Preview, Wish } from "./types";
import type { Asking, Deciding } from "./useDeciding";

const RESOLUTIONS = ["take_a", "take_b", "take_value", "exclude"] as const;
const TITLES = {
  accept: "decide.acceptTitle",
  override: "decide.overrideTitle",
  reject: "decide.rejectTitle",
  request_information: "decide.askTitle",
} as const;

/** What is asked before a decision: the effect of many, the reason of an override, the comment of a refusal. */
export function DecideDialog({
  recon,
  asking,
  deciding,
}: {
  recon: string;
  asking: Asking;
  deciding: Deciding;
}) {
  const { kind } = asking;
  const form = useId();
  const [reason, setReason] = useState(asking.line?.reason === "UNKNOWN" ? "" : (asking.line?.reason ?? ""));
  const [resolution, setResolution] = useState("");
  const [value, setValue] = useState("");
  const [comment, setComment] = useState("");
  const reasons = useQuery({ ...reasonsQuery(recon), enabled: kind === "override" });
  const chosen = RESOLUTIONS.find((one) => one === resolution);
  const needsComment = kind === "reject" || kind === "request_information";
  const complete =
    (!needsComment || comment.trim() !== "") &&
    (kind !== "override" ||
      ((reason !== "" || chosen !== undefined) && (chosen !== "take_value" || value !== "")));

  const wish: Wish = {
    kind,
    ...(kind === "override" && reason !== "" ? { reason } : {}),
    ...(kind === "override" && chosen !== undefined ? { resolution: chosen } : {}),
    ...(kind === "override" && chosen === "take_value" ? { value } : {}),
    ...(comment.trim() === "" ? {} : { comment: comment.trim() }),
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (complete) deciding.answer(wish);
  };
  return (
    <Dialog
      open
      onClose={deciding.cancel}
      begin={kind === "accept" ? "action" : "field"}
      title={text(TITLES[kind], { about: asking.about })}
      foot={
        <>
          <Button look="quiet" onClick={deciding.cancel}>
            {text("kit.cancel")}
          </Button>
          <Button look="main" submit form={form} disabled={!complete}>
            {text("decide.propose")}
          </Button>
        </>
      }
    >
      {asking.bulk && (
        <Effect
          recon={recon}
          asking={asking}
          wish={complete ? wish : { kind: "accept" }}
          onNarrow={deciding.narrow}
        />
      )}
      <form id={form} className="stack" onSubmit={submit}>
        {kind === "override" && (
          <>
            <SelectField
              label={text("decide.reason")}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              choices={[
                { value: "", label: text("decide.reasonKept") },
                ...(reasons.data?.items ?? [])
                  .filter((one) => one.code !== "UNKNOWN")
                  .map((one) => ({
                    value: one.code,
                    label: `${one.name} · ${functionalText(one.functional)}`,
                  })),
              ]}
            />
            <SelectField
              label={text("decide.resolution")}
              value={resolution}
              onChange={(event) => setResolution(event.target.value)}
              choices={[
                { value: "", label: text("decide.resolutionKept") },
                ...RESOLUTIONS.map((one) => ({ value: one, label: textOf("resolution", one) })),
              ]}
            />
            {chosen === "take_value" && (
              <TextField
                label={text("decide.value")}
                value={value}
                onChange={(event) => setValue(event.target.value)}
                required
              />
            )}
          </>
        )}
        <TextArea
          label={text(needsComment ? "decide.why" : "decide.comment")}
          hint={needsComment ? undefined : text("decide.commentHint")}
          value={comment}
          required={needsComment}
          onChange={(event) => setComment(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
          }}
        />
      </form>
      <p className="faint small">{text("decide.fourEyes")}</p>
    </Dialog>
  );
}

function functionalText(functional: boolean | null): string {
  if (functional === null) return text("decide.neither");
  return text(functional ? "decide.functional" : "decide.nonFunctional");
}

interface EffectProps {
  recon: string;
  asking: Asking;
  wish: Wish;
  /** Goes on with those that something explains. */
  onNarrow: () => void;
}

/** How many breaks and how much money a decision is about, asked from the server before it is made. */
function Effect({ recon, asking, wish, onNarrow }: EffectProps) {
  const locale = useLocale();
  const body = { selection: asking.selection, ...wish };
  const preview = useQuery({
    queryKey: ["proposals", recon, "preview", body],
    queryFn: ({ signal }): Promise<Preview> =>
      answer(
        api.POST("/api/v1/recons/{recon}/proposals/preview", { params: { path: { recon } }, body, signal }),
      ),
    staleTime: 5_000,
  });
  if (preview.error !== null)
    return <ProblemView problem={preview.error} retry={() => void preview.refetch()} />;
  if (preview.data === undefined) return <Skeleton lines={3} />;
  const { breaks, records, taken, sums, eyes, eyes_why, problem } = preview.data;
  return (
    <div className="effect">
      <p className="effect__count">
        {text("decide.effect", {
          n: breaks,
          breaks: formatCount(breaks, locale),
          records: formatCount(records, locale),
        })}
      </p>
      {sums.length > 0 && (
        <table className="grid-table">
          <thead>
            <tr>
              <th>{text("decide.currency")}</th>
              <th className="number">{text("decide.breaks")}</th>
              <th className="number">{text("decide.absolute")}</th>
            </tr>
          </thead>
          <tbody>
            {sums.map((sum) => (
              <tr key={sum.currency}>
                <td>{sum.currency ?? text("kit.none")}</td>
                <td className="number">{formatCount(sum.breaks, locale)}</td>
                <td className="number">
                  <Money amount={sum.absolute} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {taken > 0 && <p className="soft">{text("decide.taken", { count: formatCount(taken, locale) })}</p>}
      {eyes === 6 && <p>{text("decide.sixEyes", { why: eyes_why ?? "" })}</p>}
      {problem !== null && <p className="effect__problem">{problem}</p>}
      {problem !== null && asking.kind === "accept" && asking.explained !== undefined && (
        <div className="row">
          <Button onClick={onNarrow}>{text("decide.narrow")}</Button>
        </div>
      )}
    </div>
  );
}
