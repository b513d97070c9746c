import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "@/features/session/session";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { SelectField } from "@/ui/Field";
import { Section } from "@/ui/Page";
import { Empty, Loaded } from "@/ui/states";
import { Count, DateText, Nothing, TimeText } from "@/ui/values";
import type { ReconSearch } from "./address";
import { DifferenceView } from "./DifferenceView";
import { ProposeDialog } from "./ProposeDialog";
import { differenceQuery, versionsQuery } from "./queries";

/** The versions of a recon, and what differs between two of them. */
export function Versions({ recon, search }: { recon: string; search: ReconSearch }) {
  const query = useInfiniteQuery(versionsQuery(recon));
  const may = useMay();
  const [proposing, setProposing] = useState<number>();
  return (
    <div className="recons__tab">
      <Section title={text("recon.tabVersions")}>
        <Loaded query={query}>
          {({ pages }) => (
            <div className="recons__scroll">
              <table className="grid-table">
                <thead>
                  <tr>
                    <th className="number">{text("runs.version")}</th>
                    <th>{text("recon.saved")}</th>
                    <th>{text("recon.by")}</th>
                    <th>{text("recon.comment")}</th>
                    <th>{text("recon.holdsFrom")}</th>
                    <th className="number">{text("recon.runsOf")}</th>
                    <th>
                      <span className="visually-hidden">{text("recons.actions")}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {pages
                    .flatMap((page) => page.items)
                    .map((one) => (
                      <tr key={one.version}>
                        <td className="number">
                          <Link to="." search={{ version: one.version }}>
                            {one.version}
                          </Link>
                        </td>
                        <td>
                          <TimeText moment={one.saved_at} />
                        </td>
                        <td>{one.authors.join(", ")}</td>
                        <td>{one.comment ?? <Nothing />}</td>
                        <td>
                          {one.effective_from.length === 0 ? (
                            <Nothing />
                          ) : (
                            one.effective_from.map((date) => <DateText key={date} date={date} />)
                          )}
                        </td>
                        <td className="number">
                          <Count value={one.runs} />
                        </td>
                        <td className="number">
                          {may("recons.propose", recon) && (
                            <Button look="quiet" onClick={() => setProposing(one.version)}>
                              {text("recon.propose")}
                            </Button>
                          )}
                        </td>
                      </tr>
                    ))}
                </tbody>
              </table>
            </div>
          )}
        </Loaded>
        {query.hasNextPage && (
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {text("runs.more")}
          </Button>
        )}
      </Section>
      <Differs
        recon={recon}
        search={search}
        versions={query.data?.pages.flatMap((page) => page.items.map(({ version }) => version)) ?? []}
      />
      {proposing !== undefined && (
        <ProposeDialog recon={recon} version={proposing} onClose={() => setProposing(undefined)} />
      )}
    </div>
  );
}

interface DiffersProps {
  recon: string;
  search: ReconSearch;
  versions: readonly number[];
}

function Differs({ recon, search, versions }: DiffersProps) {
  const navigate = useNavigate();
  const version = search.version ?? versions[0];
  const from = search.from ?? versions.find((one) => version !== undefined && one < version);
  const query = useQuery({
    ...differenceQuery(recon, version ?? 1, from ?? 1),
    enabled: version !== undefined && from !== undefined,
  });
  if (version === undefined || versions.length < 2) return null;
  const choices = versions.map((one) => ({
    value: String(one),
    label: text("recons.version", { version: one }),
  }));
  const go = (change: Partial<ReconSearch>) =>
    void navigate({ to: ".", search: { ...search, ...change }, replace: true });
  return (
    <Section
      title={text("recon.differs", { version })}
      actions={
        <div className="row">
          <SelectField
            label={text("recon.show")}
            hideLabel
            value={String(version)}
            choices={choices}
            onChange={({ target }) => go({ version: Number(target.value) })}
          />
          <SelectField
            label={text("recon.compareWith")}
            hideLabel
            value={from === undefined ? "" : String(from)}
            choices={choices}
            onChange={({ target }) => go({ from: Number(target.value) })}
          />
        </div>
      }
    >
      {from === undefined ? (
        <Empty title={text("recon.noOther")} />
      ) : (
        <Loaded query={query}>{(found) => <DifferenceView difference={found} />}</Loaded>
      )}
    </Section>
  );
}
