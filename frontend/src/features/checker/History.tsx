import { text, textOf } from "@/texts/text";
import { TimeText } from "@/ui/values";
import type { ProposalOpened } from "./queries";

/** Who did what with a proposal, and what they said. */
export function History({ happened }: { happened: ProposalOpened["history"] }) {
  return (
    <section className="check__part" aria-label={text("checker.history")}>
      <h3>{text("checker.history")}</h3>
      <ol className="check__history">
        {happened.map((one) => (
          <li key={`${one.at}/${one.event}`}>
            <TimeText moment={one.at} ago />
            <span>
              <strong>{one.actor}</strong> {textOf("happening", one.event)}
              {one.comment !== null && <span className="check__said">{one.comment}</span>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
