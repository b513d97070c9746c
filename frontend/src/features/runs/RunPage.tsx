import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { Problem } from "@/api/problem";
import { useMay } from "@/features/session/session";
import { text } from "@/texts/text";
import { StateBadge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { notify } from "@/ui/notices";
import { Page, useTitle } from "@/ui/Page";
import { Loaded } from "@/ui/states";
import { Tabs } from "@/ui/Tabs";
import { DateText } from "@/ui/values";
import type { RunSearch, TABS } from "./address";
import { Lineage } from "./Lineage";
import { Progress } from "./Progress";
import { isOver, runQuery, type RunShown } from "./queries";
import { RejectedRecords } from "./RejectedRecords";
import { Rejects } from "./Rejects";
import { Result } from "./Result";
import { RunLog } from "./RunLog";
import { StartDialog } from "./StartDialog";
import "./runs.css";

/** One run: where it is while it goes on, what it came to, what it read, kept out and told. */
export function RunPage() {
  const { recon, run } = useParams({ from: "/shell/recons/$recon/runs/$run" });
  const query = useQuery(runQuery(recon, run));
  useTitle(`${recon} · ${text("runs.number", { run })}`);
  return (
    <Loaded query={query} lines={8}>
      {(found) => <Shown key={run} run={found} />}
    </Loaded>
  );
}

function Shown({ run }: { run: RunShown }) {
  const { tab = "result" }: RunSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const at = { recon: run.recon, run: run.run };
  return (
    <Page
      title={`${run.recon} · ${text("runs.number", { run: run.run })}`}
      about={
        <span className="row">
          <StateBadge state={run.state} />
          <DateText date={run.business_date} />
          <Link to="/recons/$recon" params={{ recon: run.recon }} search={{ version: run.version }}>
            {text("runs.versionNumber", { version: run.version })}
          </Link>
          {run.superseded_by !== null && (
            <Link to="/recons/$recon/runs/$run" params={{ recon: run.recon, run: run.superseded_by }}>
              {text("runs.superseded", { run: run.superseded_by })}
            </Link>
          )}
        </span>
      }
      actions={<Actions run={run} />}
    >
      <Progress run={run} />
      <Tabs
        open={tab}
        onOpen={(next) =>
          void navigate({
            to: ".",
            search: next === "result" ? {} : { tab: next as (typeof TABS)[number] },
            replace: true,
          })
        }
        tabs={[
          { id: "result", label: text("runs.tabResult"), content: () => <Result run={run} /> },
          { id: "lineage", label: text("runs.tabLineage"), content: () => <Lineage run={run} /> },
          { id: "rejects", label: text("runs.tabRejects"), content: () => <Rejects {...at} /> },
          { id: "rejected", label: text("runs.tabRejected"), content: () => <RejectedRecords {...at} /> },
          { id: "log", label: text("runs.tabLog"), content: () => <RunLog {...at} /> },
        ]}
      />
    </Page>
  );
}

function Actions({ run }: { run: RunShown }) {
  const may = useMay();
  const [open, setOpen] = useState<"cancel" | "again">();
  const over = isOver(run.state);
  const close = () => setOpen(undefined);
  return (
    <>
      <Link
        className="button button--plain"
        to="/recons/$recon/runs/$run/comparison"
        params={{ recon: run.recon, run: run.run }}
      >
        {text("runs.compare")}
      </Link>
      {over && may("runs.start", run.recon) && (
        <Button onClick={() => setOpen("again")}>{text("runs.again")}</Button>
      )}
      {!over && may("runs.cancel", run.recon) && (
        <Button look="danger" onClick={() => setOpen("cancel")}>
          {text("runs.cancel")}
        </Button>
      )}
      {run.published_at !== null && (
        <Link className="button button--main" to="/recons/$recon/breaks" params={{ recon: run.recon }}>
          {text("runs.toBreaks")}
        </Link>
      )}
      {open === "again" && (
        <StartDialog recon={run.recon} again={{ run: run.run, date: run.business_date }} onClose={close} />
      )}
      {open === "cancel" && <CancelDialog run={run} onClose={close} />}
    </>
  );
}

function CancelDialog({ run, onClose }: { run: RunShown; onClose: () => void }) {
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/recons/{recon}/runs/{run}/cancellation", {
          params: { path: { recon: run.recon, run: run.run } },
        }),
      ),
    onSuccess: () => notify({ tone: "neutral", title: text("runs.cancelled", { run: run.run }) }),
    onError: (error) =>
      notify({
        tone: "rejected",
        title: error instanceof Problem ? error.title : text("runs.cancel"),
        detail: error instanceof Problem ? error.detail : undefined,
      }),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["runs"] });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={text("runs.cancelTitle", { run: run.run })}
      foot={
        <>
          <Button onClick={onClose}>{text("runs.keep")}</Button>
          <Button look="danger" busy={cancel.isPending} onClick={() => cancel.mutate()}>
            {text("runs.cancel")}
          </Button>
        </>
      }
    >
      <p>{text("runs.cancelHint")}</p>
    </Dialog>
  );
}
