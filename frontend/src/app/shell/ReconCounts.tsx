import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { standingQuery } from "@/features/session/recons";
import { formatCount, formatShare } from "@/lib/numbers";
import { text } from "@/texts/text";
import { useLocale } from "@/ui/locale";

/** How many breaks of the recon wait for a maker and for a checker, and how many of all passed; each leads to its rows. */
export function ReconCounts({ recon }: { recon: string }) {
  const locale = useLocale();
  const { data } = useQuery(standingQuery(recon));
  if (data === undefined) return null;
  return (
    <span className="top__counts">
      <Link to="/recons/$recon/breaks" params={{ recon }} search={{ state: ["in_review", "returned"] }}>
        {text("shell.waitingCount", { count: formatCount(data.waiting, locale) })}
      </Link>
      {data.proposed > 0 && (
        <Link to="/recons/$recon/breaks" params={{ recon }} search={{ state: ["proposed"] }}>
          {text("shell.proposedCount", { count: formatCount(data.proposed, locale) })}
        </Link>
      )}
      {data.all > 0 && (
        <Link
          to="/recons/$recon/breaks"
          params={{ recon }}
          search={{ state: ["passed", "approved"] }}
          title={text("shell.passedOf", {
            count: formatCount(data.passed, locale),
            all: formatCount(data.all, locale),
          })}
        >
          {text("shell.passedShare", { share: formatShare(data.passed / data.all, locale) })}
        </Link>
      )}
    </span>
  );
}
