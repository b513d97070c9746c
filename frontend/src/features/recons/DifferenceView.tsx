import { text } from "@/texts/text";
import { Badge } from "@/ui/Badge";
import { Nothing } from "@/ui/values";
import type { Difference } from "./queries";

/** What differs between two definitions: place by place, and line by line. */
export function DifferenceView({ difference }: { difference: Difference }) {
  return (
    <>
      <div className="section__body">
        <p className="soft">{text(difference.same_meaning ? "recon.sameMeaning" : "recon.otherMeaning")}</p>
      </div>
      {difference.fields.length > 0 && (
        <table className="grid-table recons__difference">
          <thead>
            <tr>
              <th>{text("recon.path")}</th>
              <th>{text("recon.before")}</th>
              <th>{text("recon.after")}</th>
              <th>
                <span className="visually-hidden">{text("recons.actions")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {difference.fields.map((one) => (
              <tr key={one.path}>
                <td className="raw">{one.path}</td>
                <td className="raw">{one.before ?? <Nothing />}</td>
                <td className="raw">{one.after ?? <Nothing />}</td>
                <td>{one.meaning && <Badge tone="review">{text("recon.meaning")}</Badge>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {difference.lines !== "" && (
        <details className="section__body">
          <summary>{text("recon.lines")}</summary>
          <code>
            {difference.lines
              .split("\n")
              .filter((line) => !/^(---|\+\+\+)/.test(line))
              .map((line, at) => (
                <span key={at} className="recons__line" data-line={line.slice(0, 1)}>
                  {line}
                </span>
              ))}
          </code>
        </details>
      )}
    </>
  );
}
