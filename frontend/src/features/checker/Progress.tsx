import { formatCount, formatShare } from "@/lib/numbers";
import { text } from "@/texts/text";
import { useLocale } from "@/ui/locale";
import type { ProposalOpened } from "./queries";

/** How far a bulk decision is, and what fell out of it: nothing before it is approved. */
export function Progress({ proposal }: { proposal: ProposalOpened }) {
  const locale = useLocale();
  const { items, decided, fallen, undone, state } = proposal;
  if (state !== "approved" && state !== "applied") return null;
  const settled = Math.min(items, decided + fallen);
  const count = (value: number) => formatCount(value, locale);
  const share = items === 0 ? 1 : settled / items;
  return (
    <div className="check__progress" role="status">
      <div
        className="meter"
        role="progressbar"
        aria-label={text("checker.progress")}
        aria-valuemin={0}
        aria-valuemax={items}
        aria-valuenow={settled}
      >
        <span data-tone="passed" style={{ width: `${(decided / Math.max(1, items)) * 100}%` }} />
        {fallen > 0 && (
          <span data-tone="review" style={{ width: `${(fallen / Math.max(1, items)) * 100}%` }} />
        )}
      </div>
      <p className="soft">
        {text("checker.progressOf", {
          done: count(settled),
          all: count(items),
          share: formatShare(share, locale),
        })}
        {fallen > 0 && ` · ${text("checker.fallenCount", { n: fallen, count: count(fallen) })}`}
        {undone > 0 && ` · ${text("checker.undoneCount", { count: count(undone) })}`}
      </p>
    </div>
  );
}
