import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { causeQuery } from "@/features/session/breaks";
import { formatCount } from "@/lib/numbers";
import { text, textOf } from "@/texts/text";
import { useLocale } from "@/ui/locale";
import { Loaded } from "@/ui/states";

/** The cause a proposal is about: what it says, where it holds, and where it did not. */
export function CauseEvidence({ recon, cause: id }: { recon: string; cause: string }) {
  const locale = useLocale();
  const query = useQuery(causeQuery(recon, id));
  const count = (value: number | null) => formatCount(value ?? 0, locale);
  return (
    <section className="check__part" aria-label={text("checker.causeTitle")}>
      <h3>{text("checker.causeTitle")}</h3>
      <Loaded query={query} lines={2}>
        {(cause) => (
          <>
            <p>
              <code>{cause.expression ?? cause.shape}</code>
              {cause.scope !== null && cause.scope !== "true" && (
                <>
                  <span className="soft"> {text("checker.where")} </span>
                  <code>{cause.scope}</code>
                </>
              )}
              {cause.reason !== null && <span className="soft"> · {textOf("reason", cause.reason)}</span>}
            </p>
            <p className="row">
              {cause.found !== null && (
                <span>
                  {cause.scope_size === null
                    ? text("checker.explained", { count: count(cause.found) })
                    : text("checker.explainedOf", {
                        count: count(cause.found),
                        size: count(cause.scope_size),
                      })}
                </span>
              )}
              {cause.exceptions !== null && (
                <span>
                  {text("checker.exceptions", { n: cause.exceptions, count: count(cause.exceptions) })}
                </span>
              )}
              <Link to="/recons/$recon/breaks" params={{ recon }} search={{ state: ["all"], cause: id }}>
                {text("checker.allOfCause", { count: count(cause.total) })}
              </Link>
            </p>
            {cause.odd.length > 0 && (
              <table className="grid-table">
                <caption className="check__caption">{text("checker.odd")}</caption>
                <tbody>
                  {cause.odd.map((one) => (
                    <tr key={one.break_id}>
                      <td>
                        <Link
                          to="/recons/$recon/breaks"
                          params={{ recon }}
                          search={{ state: ["all"], break: one.break_id }}
                        >
                          {one.key}
                        </Link>
                      </td>
                      <td className="number raw">{one.value_a}</td>
                      <td className="number raw">{one.value_b}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}
