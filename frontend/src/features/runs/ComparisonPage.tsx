import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { formatDate } from "@/lib/dates";
import { formatCount } from "@/lib/numbers";
import { text, textOf } from "@/texts/text";
import { Badge } from "@/ui/Badge";
import { SelectField } from "@/ui/Field";
import { useLocale } from "@/ui/locale";
import { Page, Section } from "@/ui/Page";
import { Empty, Loaded } from "@/ui/states";
import { Count, DateText, Money, Nothing } from "@/ui/values";
import type { ComparisonSearch } from "./address";
import { comparisonQuery, type RunsBeside, runsQuery } from "./queries";
import "./runs.css";

const BREAKS = ["new", "gone", "same", "other_values", "other_reason", "other_decision"] as const;

/** Two runs of a recon beside each other: inputs, version, numbers, totals, what became of breaks. */
export function ComparisonPage() {
  const { recon, run } = useParams({ from: "/shell/recons/$recon/runs/$run/comparison" });
  const { with: asked }: ComparisonSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const locale = useLocale();
  const { data } = useInfiniteQuery(runsQuery(recon, {}));
  const others = (data?.pages.flatMap((page) => page.items) ?? []).filter((one) => one.run !== run);
  const other = asked ?? others.find((one) => one.run < run)?.run ?? others[0]?.run;
  return (
    <Page
      title={other === undefined ? text("runs.number", { run }) : text("compare.title", { a: run, b: other })}
      about={
        <Link to="/recons/$recon/runs" params={{ recon }}>
          {recon}
        </Link>
      }
      actions={
        <SelectField
          label={text("compare.other")}
          value={other === undefined ? "" : String(other)}
          choices={others.map((one) => ({
            value: String(one.run),
            label: `${text("runs.number", { run: one.run })} · ${formatDate(one.business_date, locale)} · ${textOf("state", one.state)}`,
          }))}
          onChange={({ target }) => void navigate({ to: ".", search: { with: Number(target.value) } })}
        />
      }
    >
      {other === undefined ? (
        <Section title={text("runs.compare")}>
          <Empty title={text("compare.none")}>{text("compare.noneHint", { recon })}</Empty>
        </Section>
      ) : (
        <Beside recon={recon} run={run} other={other} />
      )}
    </Page>
  );
}

function Beside({ recon, run, other }: { recon: string; run: number; other: number }) {
  const query = useQuery(comparisonQuery(recon, run, other));
  return (
    <Loaded query={query} lines={8}>
      {(found) => (
        <>
          <Section title={text("compare.facts")}>
            <div className="row runs__note">
              <Badge>{text(found.same_version ? "compare.sameVersion" : "compare.otherVersion")}</Badge>
              <Badge>{text(found.same_inputs ? "compare.sameInputs" : "compare.otherInputs")}</Badge>
              {[found.a, found.b].map((one) => (
                <Link key={one.run} to="/recons/$recon/runs/$run" params={{ recon, run: one.run }}>
                  {text("runs.number", { run: one.run })} · <DateText date={one.business_date} />
                </Link>
              ))}
            </div>
          </Section>
          <Section title={text("compare.breaks")}>
            {found.breaks === null ? (
              <Empty title={text("runs.notPublished")}>{text("compare.breaksUnknown")}</Empty>
            ) : (
              <Breaks breaks={found.breaks} />
            )}
          </Section>
          <div className="runs__pair">
            <Section title={text("compare.numbers")}>
              <Numbers found={found} />
            </Section>
            {found.totals.length > 0 && (
              <Section title={text("compare.totals")}>
                <Totals found={found} />
              </Section>
            )}
          </div>
        </>
      )}
    </Loaded>
  );
}

function Breaks({ breaks }: { breaks: NonNullable<RunsBeside["breaks"]> }) {
  return (
    <dl className="runs__figures">
      {BREAKS.map((name) => (
        <div key={name} data-nothing={breaks[name] === 0 || undefined}>
          <dt>{text(`compare.${name}`)}</dt>
          <dd>
            <Count value={breaks[name]} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Numbers({ found }: { found: RunsBeside }) {
  const locale = useLocale();
  return (
    <table className="grid-table">
      <thead>
        <tr>
          <th>{text("compare.number")}</th>
          <th className="number">{text("runs.number", { run: found.a.run })}</th>
          <th className="number">{text("runs.number", { run: found.b.run })}</th>
          <th className="number">{text("compare.change")}</th>
        </tr>
      </thead>
      <tbody>
        {found.numbers.map((one) => (
          <tr key={one.name} data-changed={(one.change ?? 0) !== 0 || undefined}>
            <td>{nameOf(one.name)}</td>
            <td className="number">{one.a === null ? <Nothing /> : <Count value={one.a} />}</td>
            <td className="number">{one.b === null ? <Nothing /> : <Count value={one.b} />}</td>
            <td className="number">{one.change === null ? <Nothing /> : signed(one.change, locale)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Totals({ found }: { found: RunsBeside }) {
  return (
    <table className="grid-table">
      <thead>
        <tr>
          <th>{text("runs.currency")}</th>
          <th className="number">{text("runs.number", { run: found.a.run })}</th>
          <th className="number">{text("runs.number", { run: found.b.run })}</th>
        </tr>
      </thead>
      <tbody>
        {found.totals.map((one) => (
          <tr key={one.currency ?? ""}>
            <td>{one.currency ?? <span className="soft">{text("runs.noCurrency")}</span>}</td>
            <td className="number">
              <Money amount={one.net_a} />
            </td>
            <td className="number">
              <Money amount={one.net_b} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function signed(change: number, locale: string): string {
  return change === 0 ? "0" : `${change > 0 ? "+" : "−"}${formatCount(Math.abs(change), locale)}`;
}

/** `rows.matched` in words. */
function nameOf(name: string): string {
  const at = name.indexOf(".");
  if (at < 0) return textOf("rows", name);
  const [group, rest] = [name.slice(0, at), name.slice(at + 1)];
  const words = group === "rows" ? textOf("rows", rest) : group === "reasons" ? textOf("reason", rest) : rest;
  return `${textOf("number", group)} · ${words}`;
}
