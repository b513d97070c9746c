import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { formatCount } from "@/lib/numbers";
import { text, textOf } from "@/texts/text";
import { Button } from "@/ui/Button";
import { useLocale } from "@/ui/locale";
import { Segments } from "@/ui/Segments";
import { Empty, Loaded } from "@/ui/states";
import { Money } from "@/ui/values";
import { Evidence } from "./Evidence";
import { Differing } from "./Differing";
import { itemsQuery, type Outcome, type ProposalItem, type ProposalOpened } from "./queries";

interface ItemsProps {
  proposal: ProposalOpened;
  open: string | undefined;
  onOpen: (id: string | undefined) => void;
}

/** Every break of the proposal with both values; each opens to its whole record. */
export function ProposalItems({ proposal, open, onOpen }: ItemsProps) {
  const locale = useLocale();
  const [outcome, setOutcome] = useState<Outcome>("all");
  const items = useInfiniteQuery(itemsQuery(proposal.recon, proposal.proposal, outcome, proposal.version));
  const decided = proposal.state === "approved" || proposal.state === "applied";
  const undos = proposal.undone > 0 ? (["undone"] as const) : [];
  const choices = (["all", "decided", "fallen", ...undos] as const).map((value) => ({
    value,
    label: text(`checker.outcome.${value}`),
  }));
  return (
    <section className="check__part" aria-label={text("checker.items")}>
      <div className="check__bar">
        <h3>{text("checker.itemsOf", { n: proposal.items, count: formatCount(proposal.items, locale) })}</h3>
        {decided && (
          <Segments
            label={text("checker.outcome")}
            value={outcome}
            onChange={(next) => setOutcome(next as Outcome)}
            choices={choices}
          />
        )}
      </div>
      <Loaded query={items} lines={6}>
        {({ pages }) => {
          const found = pages.flatMap((page) => page.items);
          if (found.length === 0) return <Empty title={text("checker.noItems")} />;
          return (
            <div className="check__scroll">
              <table className="grid-table check__items">
                <thead>
                  <tr>
                    <th>{text("checker.key")}</th>
                    <th>{text("checker.field")}</th>
                    <th className="number" data-side="a">
                      {text("checker.a")}
                    </th>
                    <th className="number" data-side="b">
                      {text("checker.b")}
                    </th>
                    <th>{text("checker.reason")}</th>
                    <th className="number">{text("checker.amount")}</th>
                    {decided && <th>{text("checker.became")}</th>}
                  </tr>
                </thead>
                <tbody>
                  {found.map((item) => (
                    <Line
                      key={item.break_id}
                      item={item}
                      recon={proposal.recon}
                      decided={decided}
                      open={item.break_id === open}
                      onOpen={onOpen}
                    />
                  ))}
                </tbody>
              </table>
            </div>
          );
        }}
      </Loaded>
      {items.hasNextPage && (
        <Button look="quiet" busy={items.isFetchingNextPage} onClick={() => void items.fetchNextPage()}>
          {text("checker.more")}
        </Button>
      )}
    </section>
  );
}

interface LineProps {
  item: ProposalItem;
  recon: string;
  decided: boolean;
  open: boolean;
  onOpen: (id: string | undefined) => void;
}

function Line({ item, recon, decided, open, onOpen }: LineProps) {
  return (
    <>
      <tr>
        <td>
          <button
            type="button"
            className="check__key"
            aria-expanded={open}
            onClick={() => onOpen(open ? undefined : item.break_id)}
          >
            {item.key.join(" · ")}
          </button>
        </td>
        <td>{item.field ?? textOf("kind", item.kind)}</td>
        <td className="number raw">
          <Differing value={item.value_a} other={item.value_b} side="a" />
        </td>
        <td className="number raw">
          <Differing value={item.value_b} other={item.value_a} side="b" />
        </td>
        <td>{item.reason === null ? "" : textOf("reason", item.reason)}</td>
        <td className="number">
          <Money amount={item.amount} currency={item.currency} />
        </td>
        {decided && (
          <td>
            {item.outcome === null ? text("checker.notYet") : textOf("outcome", item.outcome)}
            {item.why !== null && <span className="soft"> {item.why}</span>}
          </td>
        )}
      </tr>
      {open && (
        <tr className="check__evidence">
          <td colSpan={decided ? 7 : 6}>
            <Evidence recon={recon} id={item.break_id} />
          </td>
        </tr>
      )}
    </>
  );
}
