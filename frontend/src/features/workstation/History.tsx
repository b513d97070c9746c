import { useInfiniteQuery } from "@tanstack/react-query";
import { text, textOf } from "@/texts/text";
import { Button } from "@/ui/Button";
import { Empty, Loaded } from "@/ui/states";
import { Confidence, DateText, TimeText } from "@/ui/values";
import { historyQuery } from "./detail";

/** What became of the break over business dates, the last thing first. */
export function History({ recon, id }: { recon: string; id: string }) {
  const history = useInfiniteQuery(historyQuery(recon, id));
  return (
    <Loaded query={history}>
      {({ pages }) => {
        const events = pages.flatMap((page) => page.items);
        if (events.length === 0) return <Empty title={text("history.none")} />;
        return (
          <>
            <ol className="story">
              {events.map((event) => (
                <li key={`${event.publication}-${event.business_date}`} className="story__one">
                  <p className="story__when">
                    <DateText date={event.business_date} /> · <TimeText moment={event.at} ago />
                  </p>
                  <p>
                    {!event.present && text("history.gone")}
                    {event.present && event.new_version && text("history.seen", { run: event.run })}
                    {event.outcome !== null && (
                      <strong>
                        {" "}
                        {textOf("outcome", event.outcome)}
                        {event.by === null ? "" : ` ${text("history.by", { name: event.by })}`}
                      </strong>
                    )}
                  </p>
                  {event.present && (
                    <p className="soft">
                      <span className="raw">{event.value_a ?? "–"}</span> ·{" "}
                      <span className="raw">{event.value_b ?? "–"}</span>
                      {event.reason !== null && ` · ${textOf("reason", event.reason)} `}
                      {event.reason !== null && (
                        <Confidence
                          value={event.confidence}
                          worth={textOf("method", event.method ?? "none")}
                        />
                      )}
                    </p>
                  )}
                  {event.resolution !== null && (
                    <p className="soft">{textOf("resolution", event.resolution)}</p>
                  )}
                  {event.comment !== null && <p>{event.comment}</p>}
                </li>
              ))}
            </ol>
            {history.hasNextPage && (
              <Button
                look="quiet"
                busy={history.isFetchingNextPage}
                onClick={() => void history.fetchNextPage()}
              >
                {text("log.more")}
              </Button>
            )}
          </>
        );
      }}
    </Loaded>
  );
}
