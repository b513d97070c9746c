import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { type SyntheticEvent, useId, useState } from "react";
import { answer, api } from "@/api/client";
import { useMe } from "@/features/session/session";
import { formatCount } from "@/lib/numbers";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { SelectField, TextField } from "@/ui/Field";
import { useLocale } from "@/ui/locale";
import { Segments } from "@/ui/Segments";
import { ProblemView } from "@/ui/states";
import { countQuery } from "./queries";
import type { Assigning } from "./useAssigning";

const WAYS = ["person", "group", "me", "nobody"] as const;
type Way = (typeof WAYS)[number];

const groupsQuery = queryOptions({
  queryKey: ["groups", "alive"],
  queryFn: ({ signal }) => answer(api.GET("/api/v1/groups", { signal })),
  staleTime: 60_000,
});

function peopleQuery(search: string) {
  return queryOptions({
    queryKey: ["people", search],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/people", { params: { query: { search, limit: 20 } }, signal })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

interface AssignDialogProps {
  recon: string;
  asking: NonNullable<Assigning["asking"]>;
  assigning: Assigning;
}

/** To whom breaks are given: a person, a group, both, oneself, or nobody. */
export function AssignDialog({ recon, asking, assigning }: AssignDialogProps) {
  const me = useMe();
  const form = useId();
  const names = useId();
  const [way, setWay] = useState<Way>("person");
  const [person, setPerson] = useState("");
  const [group, setGroup] = useState("");
  const [comment, setComment] = useState("");
  const people = useQuery({ ...peopleQuery(person.trim()), enabled: way === "person" });
  const groups = useQuery(groupsQuery);
  const known = groups.data?.items ?? [];
  const complete =
    way === "person"
      ? person.trim() !== ""
      : way === "group"
        ? known.some(({ name }) => name === group)
        : true;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!complete || assigning.busy) return;
    const withGroup = (way === "person" || way === "group") && group !== "";
    assigning.give(asking, {
      assignee: way === "person" ? person.trim() : way === "me" ? me.name : null,
      group: withGroup ? group : null,
      comment: comment.trim() === "" ? null : comment.trim(),
    });
  };
  return (
    <Dialog
      open
      onClose={assigning.cancel}
      title={text("assign.title", { about: asking.about })}
      foot={
        <>
          <Button look="quiet" onClick={assigning.cancel}>
            {text("kit.cancel")}
          </Button>
          <Button look="main" submit form={form} disabled={!complete} busy={assigning.busy}>
            {text("assign.do")}
          </Button>
        </>
      }
    >
      {asking.filter !== undefined && <HowMany recon={recon} filter={asking.filter} />}
      <form id={form} className="stack" onSubmit={submit}>
        <Segments
          label={text("assign.to")}
          value={way}
          onChange={(next) => setWay(WAYS.find((one) => one === next) ?? "person")}
          choices={WAYS.map((one) => ({ value: one, label: text(`assign.to.${one}`) }))}
        />
        {way === "person" && (
          <>
            <TextField
              label={text("assign.person")}
              hint={text("assign.personHint")}
              value={person}
              required
              autoComplete="off"
              list={names}
              onChange={(event) => setPerson(event.target.value)}
            />
            <datalist id={names}>
              {(people.data?.items ?? []).map((one) => (
                <option key={one.name} value={one.name}>
                  {one.display_name}
                </option>
              ))}
            </datalist>
          </>
        )}
        {(way === "group" || (way === "person" && known.length > 0)) && (
          <SelectField
            label={text(way === "group" ? "assign.group" : "assign.groupToo")}
            hint={groups.data !== undefined && known.length === 0 ? text("assign.noGroups") : undefined}
            value={group}
            onChange={(event) => setGroup(event.target.value)}
            choices={[
              { value: "", label: text("assign.noGroup") },
              ...known.map(({ name, description }) => ({
                value: name,
                label: description === "" ? name : `${name} · ${description}`,
              })),
            ]}
          />
        )}
        {way === "nobody" && <p className="soft">{text("assign.nobodyHint")}</p>}
        <TextField
          label={text("assign.comment")}
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
      </form>
      {assigning.problem !== null && <ProblemView problem={assigning.problem} />}
    </Dialog>
  );
}

/** How many breaks all of a filter are. */
function HowMany({ recon, filter }: { recon: string; filter: Parameters<typeof countQuery>[1] }) {
  const locale = useLocale();
  const { data } = useQuery(countQuery(recon, filter));
  if (data === undefined) return null;
  const count = `${formatCount(data.count, locale)}${data.exact ? "" : "+"}`;
  return <p className="effect__count">{text("assign.count", { n: data.count, count })}</p>;
}
