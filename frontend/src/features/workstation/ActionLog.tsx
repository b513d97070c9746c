import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { useMay, useMe } from "@/features/session/session";
import { formatCount } from "@/lib/numbers";
import { text, textOf } from "@/texts/text";
import { StateBadge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { useLocale } from "@/ui/locale";
import { Empty, Loaded, ProblemView } from "@/ui/states";
import { TimeText } from "@/ui/values";
import { LogItems } from "./LogItems";
import { isDecided, type Proposal } from "./types";
import { UndoDialog } from "./UndoDialog";

const PAGE = 30;

/** What this person has proposed, kept by the server: each deed can be opened, and taken back. */
export function ActionLog({ recon, onClose }: { recon: string; onClose: () => void }) {
  const me = useMe();
  const log = useInfiniteQuery({
    queryKey: ["proposals", recon, "log", me.name],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/v1/recons/{recon}/proposals", {
          params: {
            path: { recon },
            query: { maker: me.name, limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: 5_000,
  });
  // Read here, not in the dialog: what is read only there, after the answer has come, is never told of it.
  const { data, error, refetch } = log;
  return (
    <Dialog open onClose={onClose} title={text("log.title")} wide>
      <Loaded query={{ data, error, refetch }}>
        {({ pages }) => {
          const proposals = pages.flatMap((page) => page.items);
          if (proposals.length === 0) return <Empty title={text("log.none")}>{text("log.noneHint")}</Empty>;
          return (
            <ol className="log">
              {proposals.map((proposal) => (
                <Entry key={proposal.proposal} recon={recon} proposal={proposal} />
              ))}
            </ol>
          );
        }}
      </Loaded>
      {log.hasNextPage && (
        <Button look="quiet" busy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          {text("log.more")}
        </Button>
      )}
    </Dialog>
  );
}

function wordsOf({ kind, reason }: Proposal): string {
  const word = textOf("proposal", kind);
  return reason === null ? word : `${word} · ${textOf("reason", reason)}`;
}

function Entry({ recon, proposal }: { recon: string; proposal: Proposal }) {
  const locale = useLocale();
  const [open, setOpen] = useState(false);
  return (
    <li className="log__entry">
      <div className="log__line">
        <TimeText moment={proposal.proposed_at} ago />
        <strong>{wordsOf(proposal)}</strong>
        <button type="button" className="linklike" aria-expanded={open} onClick={() => setOpen(!open)}>
          {text("log.breaks", { n: proposal.items, count: formatCount(proposal.items, locale) })}
        </button>
        <StateBadge state={proposal.state} />
        <span className="desk__push" />
        <TakeBack recon={recon} proposal={proposal} />
      </div>
      {proposal.comment !== null && <p className="soft">{proposal.comment}</p>}
      {proposal.state === "approved" && (
        <p className="soft small">
          {text("log.progress", {
            done: formatCount(proposal.decided, locale),
            of: formatCount(proposal.items, locale),
          })}
        </p>
      )}
      {proposal.fallen > 0 && <p className="soft small">{text("log.fallen", { n: proposal.fallen })}</p>}
      {open && <LogItems recon={recon} proposal={proposal} />}
    </li>
  );
}

/** Withdraws what nobody has approved; asks for the undo of what was decided, with a reason. */
function TakeBack({ recon, proposal }: { recon: string; proposal: Proposal }) {
  const may = useMay();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const withdraw = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/recons/{recon}/proposals/{proposal}/withdraw", {
          params: { path: { recon, proposal: proposal.proposal } },
          body: { version: proposal.version },
        }),
      ),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["proposals"] });
      void client.invalidateQueries({ queryKey: ["breaks", recon] });
    },
  });
  if (isDecided(proposal)) {
    if (!may("breaks.approve", recon)) return null;
    return (
      <>
        <Button icon="undo" look="quiet" onClick={() => setAsking(true)}>
          {text("log.undo")}
        </Button>
        {asking && (
          <UndoDialog
            recon={recon}
            proposal={proposal.proposal}
            about={wordsOf(proposal)}
            onClose={() => setAsking(false)}
          />
        )}
      </>
    );
  }
  if (proposal.state !== "proposed" && proposal.state !== "returned") return null;
  return (
    <>
      <Button icon="undo" look="quiet" busy={withdraw.isPending} onClick={() => withdraw.mutate()}>
        {text("log.withdraw")}
      </Button>
      {withdraw.error !== null && <ProblemView problem={withdraw.error} />}
    </>
  );
}
