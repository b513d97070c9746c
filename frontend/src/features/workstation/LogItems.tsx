import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { useMay } from "@/features/session/session";
import { text, textOf } from "@/texts/text";
import { Button } from "@/ui/Button";
import { Loaded } from "@/ui/states";
import { Money } from "@/ui/values";
import { isDecided, keyText, type Proposal } from "./types";
import { UndoDialog } from "./UndoDialog";

const PAGE = 20;
const NONE: ReadonlySet<string> = new Set();

/** The breaks of a deed: each was decided by itself, leads to its evidence, and can be undone by itself. */
export function LogItems({ recon, proposal }: { recon: string; proposal: Proposal }) {
  const may = useMay();
  const [chosen, setChosen] = useState(NONE);
  const [asking, setAsking] = useState(false);
  const undoes = isDecided(proposal) && may("breaks.approve", recon);
  const items = useInfiniteQuery({
    queryKey: ["proposals", recon, "items", proposal.proposal],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/v1/recons/{recon}/proposals/{proposal}/items", {
          params: {
            path: { recon, proposal: proposal.proposal },
            query: { limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const choose = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  return (
    <Loaded query={items}>
      {({ pages }) => (
        <>
          {undoes && (
            <div className="log__undo">
              <span className="soft small">{text("undo.hint")}</span>
              <span className="desk__push" />
              <Button icon="undo" disabled={chosen.size === 0} onClick={() => setAsking(true)}>
                {text("undo.selected", { n: chosen.size })}
              </Button>
            </div>
          )}
          <table className="grid-table">
            <tbody>
              {pages
                .flatMap((page) => page.items)
                .map((item) => (
                  <tr key={item.break_id}>
                    {undoes && (
                      <td>
                        <input
                          type="checkbox"
                          aria-label={text("undo.select", { name: keyText(item.key) })}
                          disabled={item.outcome !== "decided"}
                          checked={chosen.has(item.break_id)}
                          onChange={() => choose(item.break_id)}
                        />
                      </td>
                    )}
                    <td>
                      <Link
                        to="/recons/$recon/breaks"
                        params={{ recon }}
                        search={{ break: item.break_id, state: ["all"] }}
                      >
                        {keyText(item.key)}
                      </Link>
                    </td>
                    <td>{item.field ?? textOf("kind", item.kind)}</td>
                    <td className="number">
                      <Money amount={item.amount} currency={item.currency} />
                    </td>
                    <td>{item.outcome === null ? "" : textOf("outcome", item.outcome)}</td>
                  </tr>
                ))}
            </tbody>
          </table>
          {items.hasNextPage && (
            <Button look="quiet" busy={items.isFetchingNextPage} onClick={() => void items.fetchNextPage()}>
              {text("log.more")}
            </Button>
          )}
          {asking && (
            <UndoDialog
              recon={recon}
              proposal={proposal.proposal}
              breaks={[...chosen]}
              about={text("log.breaks", { n: chosen.size, count: chosen.size })}
              onClose={() => setAsking(false)}
              onDone={() => setChosen(NONE)}
            />
          )}
        </>
      )}
    </Loaded>
  );
}
