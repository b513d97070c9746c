import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { formatCount } from "@/lib/numbers";
import { text } from "@/texts/text";
import { StateBadge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { useLocale } from "@/ui/locale";
import { TimeText } from "@/ui/values";
import { changed, type CheckerSearch } from "./address";
import { type Entry, grouped } from "./entries";

interface QueueProps {
  label: string;
  entries: readonly Entry[];
  search: CheckerSearch;
  open: string | undefined;
  more: (() => void) | undefined;
}

/** What waits, by maker and by what it is about; each entry is a link to itself. */
export function Queue({ label, entries, search, open, more }: QueueProps) {
  return (
    <nav className="check__queue" aria-label={label}>
      {grouped(entries).map((group, at, groups) => (
        <section key={`${group.maker}/${group.about}`} aria-label={`${group.maker}, ${group.about}`}>
          {groups[at - 1]?.maker !== group.maker && <h2 className="check__maker">{group.maker}</h2>}
          <h3 className="check__about" title={group.about}>
            {group.about}
          </h3>
          <ul>
            {group.entries.map((entry) => (
              <Line key={entry.id} entry={entry} search={search} open={entry.id === open} />
            ))}
          </ul>
        </section>
      ))}
      {more !== undefined && (
        <Button look="quiet" onClick={more}>
          {text("checker.more")}
        </Button>
      )}
    </nav>
  );
}

function Line({ entry, search, open }: { entry: Entry; search: CheckerSearch; open: boolean }) {
  const locale = useLocale();
  const line = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (open) line.current?.scrollIntoView({ block: "nearest" });
  }, [open]);
  return (
    <li>
      <Link
        ref={line}
        to="/check"
        search={changed(search, { item: entry.id, break: undefined })}
        className="check__line"
        aria-current={open ? "true" : undefined}
      >
        <span className="check__title">{entry.title}</span>
        {entry.count !== null && (
          <span className="check__count">
            {entry.decided === null
              ? formatCount(entry.count, locale)
              : text("checker.of", {
                  done: formatCount(entry.decided, locale),
                  all: formatCount(entry.count, locale),
                })}
          </span>
        )}
        <span className="check__where">
          {entry.recon !== null && <span>{entry.recon}</span>}
          <TimeText moment={entry.at} ago />
          {entry.eyes === 6 && <strong>{text("checker.sixEyes")}</strong>}
        </span>
        {entry.state !== null && entry.state !== "proposed" && <StateBadge state={entry.state} />}
      </Link>
    </li>
  );
}
