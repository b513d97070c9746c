import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { answer, api } from "@/api/client";
import { text, textOf } from "@/texts/text";
import { Button } from "@/ui/Button";
import { Loaded } from "@/ui/states";
import { Money } from "@/ui/values";
import { keyText, type Proposal } from "./types";

const PAGE = 20;

/** The breaks of a deed: each was decided by itself, and leads to its evidence. */
export function LogItems({ recon, proposal }: { recon: string; proposal: Proposal }) {
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
  return (
    <Loaded query={items}>
      {({ pages }) => (
        <>
          <table className="grid-table">
            <tbody>
              {pages
                .flatMap((page) => page.items)
                .map((item) => (
                  <tr key={item.break_id}>
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
        </>
      )}
    </Loaded>
  );
}
