import { useInfiniteQuery } from "@tanstack/react-query";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { Section } from "@/ui/Page";
import { Empty, Loaded } from "@/ui/states";
import { Nothing } from "@/ui/values";
import { rejectsQuery } from "./queries";

/** Rows that could not be read: where they stand, what stands there, why. */
export function Rejects({ recon, run }: { recon: string; run: number }) {
  const query = useInfiniteQuery(rejectsQuery(recon, run));
  return (
    <Section title={text("runs.tabRejects")}>
      <Loaded query={query}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.items);
          if (rows.length === 0)
            return <Empty title={text("runs.rejectsNone")}>{text("runs.rejectsNoneHint")}</Empty>;
          return (
            <div className="runs__scroll">
              <table className="grid-table">
                <thead>
                  <tr>
                    <th>{text("runs.side")}</th>
                    <th>{text("runs.source")}</th>
                    <th className="number">{text("runs.line")}</th>
                    <th>{text("runs.why")}</th>
                    <th>{text("runs.raw")}</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((one, at) => (
                    <tr key={at}>
                      <td>
                        <span className="runs__side" data-side={one.side}>
                          {one.side}
                        </span>
                      </td>
                      <td>{one.source}</td>
                      <td className="number">{one.line ?? <Nothing />}</td>
                      <td>{one.why}</td>
                      <td className="raw runs__long">{one.raw}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          );
        }}
      </Loaded>
      {query.hasNextPage && (
        <div className="runs__more">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {text("runs.moreRejects")}
          </Button>
        </div>
      )}
    </Section>
  );
}
