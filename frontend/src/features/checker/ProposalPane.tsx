import { useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { useMay, useMe } from "@/features/session/session";
import { formatCount } from "@/lib/numbers";
import { text, textOf } from "@/texts/text";
import { StateBadge } from "@/ui/Badge";
import { Facts } from "@/ui/Facts";
import { useLocale } from "@/ui/locale";
import { Loaded } from "@/ui/states";
import { Count, Money, TimeText } from "@/ui/values";
import { CauseEvidence } from "./CauseEvidence";
import { causeOf } from "./entries";
import { History } from "./History";
import type { PaneProps } from "./ItemPane";
import { Progress } from "./Progress";
import { ProposalItems } from "./ProposalItems";
import { type ProposalOpened, proposalQuery } from "./queries";
import { useVerdict } from "./useVerdict";
import { Verdict } from "./Verdict";

/** A proposal: what is asked, how much it is about, on what evidence; and the verdict. */
export function ProposalPane({ name, number, ...rest }: PaneProps) {
  const query = useQuery(proposalQuery(name, number));
  return (
    <Loaded query={query} lines={10}>
      {(proposal) => <Opened proposal={proposal} {...rest} />}
    </Loaded>
  );
}

function Opened({
  proposal,
  search,
  go,
  decided,
}: { proposal: ProposalOpened } & Omit<PaneProps, "name" | "number">) {
  const locale = useLocale();
  const barred = useBarred(proposal);
  const give = useVerdict(decided);
  const path = { recon: proposal.recon, proposal: proposal.proposal };
  const { version, kind } = proposal;
  const count = formatCount(proposal.items, locale);
  const about = text("checker.about", {
    kind: textOf("proposal", kind),
    n: proposal.items,
    count,
    maker: proposal.maker,
  });
  const approve = () =>
    give({
      about,
      send: () =>
        answer(
          api.POST("/api/v1/recons/{recon}/proposals/{proposal}/approve", {
            params: { path },
            body: { version },
          }),
        ),
      told: ({ state }) => text(state === "proposed" ? "checker.oneMore" : "checker.approved"),
    });
  const refuse = (comment: string) =>
    give({
      about,
      send: () =>
        answer(
          kind === "request_information"
            ? api.POST("/api/v1/recons/{recon}/proposals/{proposal}/answer", {
                params: { path },
                body: { version, comment },
              })
            : api.POST("/api/v1/recons/{recon}/proposals/{proposal}/return", {
                params: { path },
                body: { version, comment },
              }),
        ),
      told: () => text(kind === "request_information" ? "checker.answered" : "checker.returned"),
    });
  const cause = causeOf(proposal);
  return (
    <>
      <header className="check__top">
        <div className="check__name">
          <h2>{titleOf(proposal)}</h2>
          <StateBadge state={proposal.state} filled />
        </div>
        {proposal.state === "proposed" && (
          <Verdict
            barred={barred}
            effect={text("checker.effect", { n: proposal.items, count })}
            refuse={text(kind === "request_information" ? "checker.answer" : "checker.return")}
            refuseTitle={text(kind === "request_information" ? "checker.answerTitle" : "checker.returnTitle")}
            onApprove={approve}
            onRefuse={refuse}
            answerOnly={kind === "request_information"}
          />
        )}
        <Progress proposal={proposal} />
      </header>
      {proposal.comment !== null && <blockquote className="check__quote">{proposal.comment}</blockquote>}
      <div className="check__facts">
        <Facts
          facts={[
            {
              name: text("checker.maker"),
              value: (
                <>
                  {proposal.maker}, <TimeText moment={proposal.proposed_at} ago />
                </>
              ),
            },
            { name: text("checker.recon"), value: proposal.recon },
            {
              name: text("checker.size"),
              value: text("checker.sizeOf", {
                breaks: count,
                n: proposal.items,
                records: formatCount(proposal.records, locale),
                m: proposal.records,
              }),
            },
            { name: text("checker.eyes"), value: <Eyes proposal={proposal} /> },
          ]}
        />
        <Sums proposal={proposal} />
      </div>
      {cause !== undefined && <CauseEvidence recon={proposal.recon} cause={cause} />}
      <ProposalItems proposal={proposal} open={search.break} onOpen={(id) => go({ break: id })} />
      <History happened={proposal.history} />
    </>
  );
}

function titleOf(proposal: ProposalOpened): string {
  const words = [textOf("proposal", proposal.kind)];
  if (proposal.reason !== null) words.push(textOf("reason", proposal.reason));
  if (proposal.resolution !== null) words.push(textOf("resolution", proposal.resolution));
  if (proposal.value !== null) words.push(proposal.value);
  return words.join(" · ");
}

/** Why this person cannot approve; the server has the last word. */
function useBarred(proposal: ProposalOpened): string | undefined {
  const me = useMe();
  const may = useMay();
  const asks = proposal.kind === "request_information";
  if (asks) return may("breaks.comment", proposal.recon) ? undefined : text("checker.notYours");
  if (!may("breaks.approve", proposal.recon)) return text("checker.notYours");
  if (proposal.maker === me.name) return text("checker.own");
  if (proposal.approvals.some(({ checker }) => checker === me.name)) return text("checker.already");
  return undefined;
}

function Eyes({ proposal }: { proposal: ProposalOpened }) {
  const names = proposal.approvals.map(({ checker }) => checker);
  return (
    <>
      {text(proposal.eyes === 6 ? "checker.six" : "checker.four")}
      {proposal.eyes_why !== null && <span className="soft"> {proposal.eyes_why}</span>}
      {names.length > 0 && (
        <span className="soft"> {text("checker.approvedBy", { names: names.join(", ") })}</span>
      )}
    </>
  );
}

function Sums({ proposal }: { proposal: ProposalOpened }) {
  if (proposal.sums.length === 0) return null;
  return (
    <table className="grid-table check__sums">
      <thead>
        <tr>
          <th>{text("checker.currency")}</th>
          <th className="number">{text("checker.breaks")}</th>
          <th className="number">{text("checker.sum")}</th>
          <th className="number">{text("checker.absolute")}</th>
        </tr>
      </thead>
      <tbody>
        {proposal.sums.map((sum) => (
          <tr key={sum.currency}>
            <td>{sum.currency ?? text("checker.noCurrency")}</td>
            <td className="number">
              <Count value={sum.breaks} />
            </td>
            <td className="number">
              <Money amount={sum.amount} />
            </td>
            <td className="number">
              <Money amount={sum.absolute} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
