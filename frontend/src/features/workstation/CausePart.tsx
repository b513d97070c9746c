import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { causeQuery } from "@/features/session/breaks";
import { formatCount } from "@/lib/numbers";
import { text, textOf } from "@/texts/text";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { useLocale } from "@/ui/locale";
import { Loaded } from "@/ui/states";
import { ShortMoney } from "@/ui/values";
import type { Change } from "./address";
import { causeName, causePlace } from "./causes";
import type { CauseLine } from "./detail";
import { RuleButton } from "./RuleButton";
import { only } from "./SidePane";
import type { Deciding } from "./useDeciding";

interface CausePartProps {
  recon: string;
  cause: CauseLine;
  go: (change: Change) => void;
  deciding: Deciding;
}

/** What explains the break and many others: said once, decided once, with what it does not explain. */
export function CausePart({ recon, cause, go, deciding }: CausePartProps) {
  const locale = useLocale();
  const [open, setOpen] = useState(false);
  const count = (value: number | null) => formatCount(value ?? 0, locale);
  return (
    <section className="cause" aria-label={text(cause.explains ? "cause.title" : "cause.group")}>
      <h3>
        {text(cause.explains ? "cause.title" : "cause.group")}
        {cause.rule !== null && <Badge>{textOf("rule", cause.rule.state)}</Badge>}
      </h3>
      {cause.expression !== null && <p className="raw">{cause.expression}</p>}
      {cause.scope !== null && cause.explains && (
        <p>
          <span className="soft">{text("cause.where")} </span>
          <span className="raw">{causePlace(cause)}</span>
        </p>
      )}
      {!cause.explains && cause.why !== null && <p className="soft">{cause.why}</p>}
      {!cause.explains && cause.shape !== null && <p className="raw">{cause.shape}</p>}
      <p className="cause__counts">
        <button
          type="button"
          className="linklike"
          onClick={() => go(only(cause.explains ? { cause: cause.cause_id } : { group: cause.cause_id }))}
        >
          {text("cause.open", { n: cause.open, count: count(cause.open) })}
        </button>
        {cause.found !== null && <span>{text("cause.explained", { count: count(cause.found) })}</span>}
        {cause.explains && (
          <span>
            {text("cause.exceptions", { n: cause.exceptions ?? 0, count: count(cause.exceptions) })}
          </span>
        )}
        {cause.amounts.map(
          (sum) =>
            sum.amount !== null && (
              <ShortMoney key={sum.currency} amount={sum.amount} currency={sum.currency} />
            ),
        )}
      </p>
      <div className="row">
        {deciding.enabled && cause.explains && cause.open > 0 && (
          <Button
            action="decide.cause"
            onClick={() => deciding.askCause(cause.cause_id, causeName(cause), cause.open)}
          >
            {text("cause.accept")}
          </Button>
        )}
        {cause.explains && <RuleButton recon={recon} cause={cause} />}
        <Button look="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
          {text(open ? "cause.less" : "cause.more")}
        </Button>
      </div>
      {open && <Examples recon={recon} cause={cause} go={go} />}
    </section>
  );
}

function Examples({ recon, cause, go }: Pick<CausePartProps, "recon" | "cause" | "go">) {
  const query = useQuery(causeQuery(recon, cause.cause_id));
  return (
    <Loaded query={query}>
      {({ examples, odd }) => (
        <>
          <ExampleTable title={text("cause.examples")} examples={examples} go={go} />
          {odd.length > 0 && <ExampleTable title={text("cause.odd")} examples={odd} go={go} />}
        </>
      )}
    </Loaded>
  );
}

interface ExampleTableProps {
  title: string;
  examples: readonly { break_id: string; key: string; value_a: string | null; value_b: string | null }[];
  go: (change: Change) => void;
}

function ExampleTable({ title, examples, go }: ExampleTableProps) {
  return (
    <table className="grid-table">
      <caption className="cause__caption">{title}</caption>
      <thead>
        <tr>
          <th>{text("breaks.key")}</th>
          <th className="number">{text("breaks.a")}</th>
          <th className="number">{text("breaks.b")}</th>
        </tr>
      </thead>
      <tbody>
        {examples.map((example) => (
          <tr key={example.break_id}>
            <td>
              <button type="button" className="linklike" onClick={() => go({ break: example.break_id })}>
                {example.key}
              </button>
            </td>
            <td className="number raw">{example.value_a}</td>
            <td className="number raw">{example.value_b}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
