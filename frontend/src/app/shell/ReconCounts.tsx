import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { standingQuery } from "@/features/session/recons";
import { formatCount, formatShare } from "@/lib/numbers";
import { text } from "@/texts/text";
import { useLocale } from "@/ui/locale";

/** How many breaks of the recon await somebody, and how many of all passed; each leads to its rows. */
export function ReconCounts({ recon }: { recon: string }) {
  const locale = useLocale();
  const { data } = useQuery(standingQuery(recon));
  if (data === undefined) return null;
  return (
    <span className="top__counts">
      <Link
        to="/recons/$recon/breaks"
        params={{ recon }}
        search={{ state: ["in_review", "proposed", "returned"] }}
      >
        {text("shell.openCount", { count: formatCount(data.open, locale) })}
      </Link>
      {data.all > 0 && (
        <Link to="/recons/$recon/breaks" params={{ recon }} search={{ state: ["passed", "approved"] }}>
          {text("shell.passedShare", { share: formatShare(data.passed / data.all, locale) })}
        </Link>
      )}
    </span>
  );
}
