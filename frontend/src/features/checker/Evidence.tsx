import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { breakQuery } from "@/features/session/breaks";
import { text, textOf } from "@/texts/text";
import { Loaded } from "@/ui/states";
import { Confidence } from "@/ui/values";
import { Differing } from "./Differing";

/** A break where it stands: its record on both sides, and why it is thought to be what it is. */
export function Evidence({ recon, id }: { recon: string; id: string }) {
  const query = useQuery(breakQuery(recon, id));
  return (
    <Loaded query={query} lines={4}>
      {(detail) => (
        <div className="check__record">
          <table className="grid-table">
            <thead>
              <tr>
                <th>{text("checker.field")}</th>
                <th className="number" data-side="a">
                  {text("checker.a")}
                </th>
                <th className="number" data-side="b">
                  {text("checker.b")}
                </th>
                <th>{text("checker.agreement")}</th>
              </tr>
            </thead>
            <tbody>
              {detail.record.map((cell) => (
                <tr key={cell.field} data-differs={cell.agreement === "differs" || undefined}>
                  <td>{cell.field}</td>
                  <td className="number raw">
                    <Differing value={cell.value_a} other={cell.value_b} side="a" />
                  </td>
                  <td className="number raw">
                    <Differing value={cell.value_b} other={cell.value_a} side="b" />
                  </td>
                  <td className="soft">{textOf("agreement", cell.agreement)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <ul className="check__why">
            {detail.reasons.map((one) => (
              <li key={one.reason}>
                <strong>{textOf("reason", one.reason)}</strong>{" "}
                {one.confidence !== null && <Confidence value={one.confidence} />}{" "}
                <span className="soft">{one.words}</span>
              </li>
            ))}
            <li>
              <Link to="/recons/$recon/breaks" params={{ recon }} search={{ state: ["all"], break: id }}>
                {text("checker.openBreak")}
              </Link>
            </li>
          </ul>
        </div>
      )}
    </Loaded>
  );
}
