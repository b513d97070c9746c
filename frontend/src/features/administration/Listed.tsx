import type { ReactNode } from "react";
import type { Problem } from "@/api/problem";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { Empty, Loaded } from "@/ui/states";

/** An infinite query as lists need it. */
export interface Paged<Row> {
  data: { pages: readonly { items: readonly Row[] }[] } | undefined;
  error: Problem | null;
  refetch: () => unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

interface ListedProps<Row> {
  query: Paged<Row>;
  heads: readonly string[];
  empty: string;
  hint: string;
  children: (row: Row) => ReactNode;
}

/** A list that comes page by page, as a table. */
export function Listed<Row>({ query, heads, empty, hint, children }: ListedProps<Row>) {
  return (
    <Loaded query={query} lines={6}>
      {({ pages }) => {
        const rows = pages.flatMap((page) => page.items);
        if (rows.length === 0) return <Empty title={empty}>{hint}</Empty>;
        return (
          <div className="admin__scroll">
            <table className="grid-table">
              <thead>
                <tr>
                  {heads.map((head) => (
                    <th key={head}>{head}</th>
                  ))}
                </tr>
              </thead>
              <tbody>{rows.map(children)}</tbody>
            </table>
            {query.hasNextPage && (
              <Button look="quiet" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {text("admin.more")}
              </Button>
            )}
          </div>
        );
      }}
    </Loaded>
  );
}
