import { Link } from "@tanstack/react-router";
import { useRecon } from "@/features/session/recons";
import { formatCount } from "@/lib/numbers";
import { text } from "@/texts/text";
import { useLocale } from "@/ui/locale";

/** How many breaks of the recon await somebody; leads to them. */
export function ReconCounts({ recon }: { recon: string }) {
  const locale = useLocale();
  const found = useRecon(recon);
  if (found === undefined) return null;
  return (
    <span className="top__counts">
      <Link to="/recons/$recon/breaks" params={{ recon }}>
        {text("shell.openCount", { count: formatCount(found.waiting, locale) })}
      </Link>
    </span>
  );
}
