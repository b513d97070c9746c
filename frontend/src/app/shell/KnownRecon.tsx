import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { answer, api } from "@/api/client";
import { reconsQuery } from "@/features/session/recons";
import { text } from "@/texts/text";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/states";

const reconQuery = (recon: string) =>
  queryOptions({
    queryKey: ["recons", "there", recon],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/recons/{recon}", { params: { path: { recon } }, signal })),
    retry: false,
  });

/** The page of a recon that exists and that this person may see; else one page that says so, in place of a failure in each part. */
export function KnownRecon({ children }: { children: ReactNode }) {
  const { recon } = useParams({ strict: false });
  const recons = useQuery({ ...reconsQuery, enabled: recon !== undefined });
  // The list may be a minute old, and holds the first recons only: what it lacks is asked for by name.
  const unlisted = recon !== undefined && recons.data?.every(({ name }) => name !== recon) === true;
  const asked = useQuery({ ...reconQuery(recon ?? ""), enabled: unlisted });
  if (!unlisted || asked.isSuccess) return children;
  if (asked.isPending) return <Skeleton lines={6} />;
  const { status } = asked.error;
  if (status !== 404 && status !== 403) return children;
  return (
    <Page title={text("shell.noSuchRecon", { recon })} about={text("shell.noSuchReconHint")}>
      <p>
        <Link to="/recons">{text("shell.goRecons")}</Link>
      </p>
    </Page>
  );
}
