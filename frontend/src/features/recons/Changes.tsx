import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useMay, useMe } from "@/features/session/session";
import { text } from "@/texts/text";
import { StateBadge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Section } from "@/ui/Page";
import { Empty, Loaded } from "@/ui/states";
import { DateText, Nothing, TimeText } from "@/ui/values";
import { DecisionDialog, type Deed } from "./DecisionDialog";
import { type ChangeShown, changesQuery } from "./queries";

interface Doing {
  deed: Deed;
  change: ChangeShown;
}

/** What was proposed for a recon, and deciding about it: another person approves. */
export function Changes({ recon }: { recon: string }) {
  const query = useInfiniteQuery(changesQuery(recon));
  const [doing, setDoing] = useState<Doing>();
  return (
    <div className="recons__tab">
      <Section title={text("recon.tabChanges")}>
        <Loaded query={query}>
          {({ pages }) => {
            const changes = pages.flatMap((page) => page.items);
            if (changes.length === 0)
              return <Empty title={text("change.none")}>{text("change.noneHint")}</Empty>;
            return (
              <div className="recons__scroll">
                <table className="grid-table">
                  <thead>
                    <tr>
                      <th className="number">{text("change.number")}</th>
                      <th>{text("change.what")}</th>
                      <th>{text("recon.holdsFrom")}</th>
                      <th>{text("change.state")}</th>
                      <th>{text("change.proposedBy")}</th>
                      <th>{text("change.decidedBy")}</th>
                      <th>{text("recon.comment")}</th>
                      <th>
                        <span className="visually-hidden">{text("recons.actions")}</span>
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {changes.map((change) => (
                      <Line key={change.change} change={change} onDo={(deed) => setDoing({ deed, change })} />
                    ))}
                  </tbody>
                </table>
              </div>
            );
          }}
        </Loaded>
      </Section>
      {doing !== undefined && <DecisionDialog {...doing} onClose={() => setDoing(undefined)} />}
    </div>
  );
}

function Line({ change, onDo }: { change: ChangeShown; onDo: (deed: Deed) => void }) {
  const { version, decided_by, decision } = change;
  return (
    <tr>
      <td className="number">{change.change}</td>
      <td>
        {version === null ? (
          text("change.retire")
        ) : (
          <Link
            to="/recons/$recon"
            params={{ recon: change.recon }}
            search={{ tab: "versions", version }}
            title={text("change.see")}
          >
            {text("change.version", { version })}
          </Link>
        )}
      </td>
      <td>
        <DateText date={change.effective_from} />
      </td>
      <td>
        <StateBadge state={change.state} />
      </td>
      <td>
        {change.proposed_by}{" "}
        <span className="soft small">
          <TimeText moment={change.proposed_at} ago />
        </span>
      </td>
      <td>{decided_by ?? <Nothing />}</td>
      <td>{[change.comment, decision ?? ""].filter(Boolean).join(" · ") || <Nothing />}</td>
      <td>
        <Deeds change={change} onDo={onDo} />
      </td>
    </tr>
  );
}

function Deeds({ change, onDo }: { change: ChangeShown; onDo: (deed: Deed) => void }) {
  const may = useMay();
  const me = useMe();
  const own = change.proposed_by === me.name;
  const open = change.state === "proposed";
  const approves = may("recons.approve", change.recon);
  return (
    <div className="row recons__run">
      {open && approves && !own && (
        <>
          <Button onClick={() => onDo("approve")}>{text("change.approve")}</Button>
          <Button onClick={() => onDo("reject")}>{text("change.reject")}</Button>
        </>
      )}
      {change.state === "approved" && approves && (
        <Button onClick={() => onDo("activate")}>{text("change.activate")}</Button>
      )}
      {(open || change.state === "approved") && own && may("recons.propose", change.recon) && (
        <Button onClick={() => onDo("withdraw")}>{text("change.withdraw")}</Button>
      )}
      {open && own && approves && <span className="soft small">{text("change.own")}</span>}
    </div>
  );
}
