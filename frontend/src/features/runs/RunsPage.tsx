import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { reconsQuery } from "@/features/session/recons";
import { useMay } from "@/features/session/session";
import { text, textOf } from "@/texts/text";
import { Button } from "@/ui/Button";
import { SelectField, TextField } from "@/ui/Field";
import { Page, Section } from "@/ui/Page";
import { Empty, ProblemView, Skeleton } from "@/ui/states";
import { type RunsSearch, STATES } from "./address";
import { runsQuery } from "./queries";
import { RunsTable } from "./RunsTable";
import { StartDialog } from "./StartDialog";
import "./runs.css";

/** The runs of all recons, or of one: what goes on, what is over, and two of them side by side. */
export function RunsPage() {
  const { recon } = useParams({ strict: false });
  const search: RunsSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const may = useMay();
  const [starting, setStarting] = useState(false);
  const [picked, setPicked] = useState<readonly number[]>([]);
  const query = useInfiniteQuery(runsQuery(recon, search));
  const runs = query.data?.pages.flatMap((page) => page.items) ?? [];
  const chosen = picked.flatMap((number) => runs.find((run) => run.run === number) ?? []);
  const [first, second] = chosen;
  const fits = second !== undefined && first?.recon === second.recon;
  const compare = () => {
    if (first === undefined || second === undefined) return;
    const [a, b] = first.run < second.run ? [first, second] : [second, first];
    void navigate({
      to: "/recons/$recon/runs/$run/comparison",
      params: { recon: a.recon, run: a.run },
      search: { with: b.run },
    });
  };
  const filtered = Object.keys(search).length > 0;
  return (
    <Page
      title={text("runs.title")}
      about={recon === undefined ? text("runs.about") : text("runs.aboutRecon", { recon })}
      actions={
        <>
          <Button onClick={compare} disabled={!fits} title={text("runs.compareHint")}>
            {text("runs.compareTwo")}
          </Button>
          {may("runs.start", recon) && (
            <Button look="main" icon="runs" onClick={() => setStarting(true)}>
              {text("runs.start")}
            </Button>
          )}
        </>
      }
    >
      <Section title={text("runs.title")} actions={<Filters recon={recon} search={search} />}>
        {query.data === undefined ? (
          query.error === null ? (
            <Skeleton lines={8} />
          ) : (
            <ProblemView problem={query.error} retry={() => void query.refetch()} />
          )
        ) : runs.length === 0 ? (
          <Empty
            title={text(filtered ? "runs.noneFiltered" : "runs.none")}
            action={
              filtered ? (
                <Link className="button button--plain" to="." search={{}}>
                  {text("runs.clear")}
                </Link>
              ) : undefined
            }
          >
            {text(filtered ? "runs.noneFilteredHint" : "runs.noneHint")}
          </Empty>
        ) : (
          <RunsTable
            runs={runs}
            withRecon={recon === undefined}
            picked={picked}
            onPick={(run, on) =>
              setPicked((before) => [...before.filter((one) => one !== run), ...(on ? [run] : [])].slice(-2))
            }
          />
        )}
        {query.hasNextPage && (
          <div className="runs__more">
            <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {text("runs.more")}
            </Button>
          </div>
        )}
      </Section>
      {starting && <StartDialog recon={recon} onClose={() => setStarting(false)} />}
    </Page>
  );
}

function Filters({ recon, search }: { recon: string | undefined; search: RunsSearch }) {
  const navigate = useNavigate();
  const { data: recons = [] } = useQuery(reconsQuery);
  const go = (change: Partial<Record<keyof RunsSearch, string | undefined>>) =>
    void navigate({ to: ".", search: { ...search, ...change } as RunsSearch, replace: true });
  return (
    <div className="row runs__filters">
      <SelectField
        label={text("runs.recon")}
        hideLabel
        value={recon ?? ""}
        choices={[
          { value: "", label: text("runs.all") },
          ...recons.map(({ name }) => ({ value: name, label: name })),
        ]}
        onChange={({ target }) =>
          void (target.value === ""
            ? navigate({ to: "/runs", search: search.state === undefined ? {} : { state: search.state } })
            : navigate({ to: "/recons/$recon/runs", params: { recon: target.value }, search }))
        }
      />
      <SelectField
        label={text("runs.state")}
        hideLabel
        value={search.state ?? ""}
        choices={[
          { value: "", label: text("runs.anyState") },
          ...STATES.map((state) => ({ value: state, label: textOf("state", state) })),
        ]}
        onChange={({ target }) => go({ state: target.value === "" ? undefined : target.value })}
      />
      {recon !== undefined && (
        <>
          <TextField
            label={text("runs.from")}
            type="date"
            value={search.from ?? ""}
            onChange={({ target }) => go({ from: target.value === "" ? undefined : target.value })}
          />
          <TextField
            label={text("runs.to")}
            type="date"
            value={search.to ?? ""}
            onChange={({ target }) => go({ to: target.value === "" ? undefined : target.value })}
          />
        </>
      )}
    </div>
  );
}
