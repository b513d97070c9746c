import { text, textOf } from "@/texts/text";
import { Empty } from "@/ui/states";
import { TimeText } from "@/ui/values";
import type { BreakDetail } from "./detail";

/** Who decided what about the values that hold, by which rule. */
export function Decisions({ detail }: { detail: BreakDetail }) {
  if (detail.decisions.length === 0) return <Empty title={text("decisions.none")} />;
  return (
    <ol className="story">
      {detail.decisions.map((decision) => (
        <li key={`${decision.at}-${decision.outcome}`} className="story__one">
          <p className="story__when">
            <TimeText moment={decision.at} />
          </p>
          <p>
            <strong>{textOf("outcome", decision.outcome)}</strong>{" "}
            {text(decision.by_person ? "decisions.person" : "decisions.gate", { name: decision.by })}
            {decision.maker !== null && ` · ${text("decisions.maker", { name: decision.maker })}`}
          </p>
          <p className="soft">
            {[
              decision.reason === null ? "" : textOf("reason", decision.reason),
              decision.resolution === null ? "" : textOf("resolution", decision.resolution),
              decision.rule,
            ]
              .filter((word) => word !== "")
              .join(" · ")}
          </p>
          {decision.value !== null && <p className="raw">{decision.value}</p>}
          {decision.comment !== null && <p>{decision.comment}</p>}
        </li>
      ))}
    </ol>
  );
}
