import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { useMay } from "@/features/session/session";
import { text, textOf } from "@/texts/text";
import { Button } from "@/ui/Button";
import { Section } from "@/ui/Page";
import { Empty, Loaded } from "@/ui/states";
import { Count, Nothing } from "@/ui/values";
import { NewReasonRule, RULE_KINDS } from "./NewReasonRule";
import { type ReasonRule, usedReasonsQuery } from "./queries";
import { refused } from "./refused";

/** By which rules the causes of a recon have their reasons, and how often each reason is open. */
export function ReasonRules({ recon }: { recon: string }) {
  const may = useMay();
  const client = useQueryClient();
  const query = useQuery(usedReasonsQuery(recon));
  const [adding, setAdding] = useState(false);
  const again = () => void client.invalidateQueries({ queryKey: ["reasons", recon] });
  const remove = useMutation({
    mutationFn: ({ kind, family, field, column, whole }: ReasonRule) =>
      answer(
        api.POST("/api/v1/recons/{recon}/reason-rules/removal", {
          params: { path: { recon } },
          body: { kind: RULE_KINDS.find((one) => one === kind) ?? "value", family, field, column, whole },
        }),
      ),
    onError: (problem) => refused(problem, again),
    onSettled: again,
  });
  const manages = may("reasons.manage");
  return (
    <>
      <Section
        title={text("admin.reasonRules", { recon })}
        actions={
          manages && (
            <Button icon="plus" onClick={() => setAdding(true)}>
              {text("admin.addRule")}
            </Button>
          )
        }
      >
        <Loaded query={query}>
          {({ rules }) =>
            rules.length === 0 ? (
              <Empty title={text("admin.noRules")}>{text("admin.noRulesHint")}</Empty>
            ) : (
              <>
                <p className="section__body soft small">{text("admin.rulesOrder")}</p>
                <div className="admin__scroll">
                  <table className="grid-table">
                    <thead>
                      <tr>
                        <th>{text("admin.order")}</th>
                        <th>{text("admin.kindOfBreak")}</th>
                        <th>{text("admin.family")}</th>
                        <th>{text("admin.field")}</th>
                        <th>{text("admin.column")}</th>
                        <th>{text("admin.whole")}</th>
                        <th>{text("admin.reason")}</th>
                        <th>{text("admin.holdsFor")}</th>
                        <th>{text("admin.do")}</th>
                      </tr>
                    </thead>
                    <tbody>
                      {rules.map((rule, at) => (
                        <tr key={Object.values(rule).join("|")}>
                          <td>{at + 1}</td>
                          <td>{textOf("kind", rule.kind)}</td>
                          <td>{rule.family === null ? text("admin.any") : textOf("family", rule.family)}</td>
                          <td>{rule.field ?? text("admin.any")}</td>
                          <td>{rule.column ?? text("admin.any")}</td>
                          <td>{wholeText(rule.whole)}</td>
                          <td>{textOf("reason", rule.reason)}</td>
                          <td>{rule.recon ?? <span className="soft">{text("admin.allRecons")}</span>}</td>
                          <td>
                            {manages && rule.recon !== null && (
                              <Button
                                look="danger"
                                aria-label={text("admin.removeOf", { name: rule.reason })}
                                onClick={() => remove.mutate(rule)}
                              >
                                {text("admin.remove")}
                              </Button>
                            )}
                          </td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              </>
            )
          }
        </Loaded>
      </Section>
      <Section title={text("admin.usedReasons", { recon })}>
        <Loaded query={query}>
          {({ items }) => (
            <table className="grid-table">
              <thead>
                <tr>
                  <th>{text("admin.reason")}</th>
                  <th>{text("admin.gate")}</th>
                  <th>{text("admin.resolution")}</th>
                  <th className="number">{text("admin.openBreaks")}</th>
                </tr>
              </thead>
              <tbody>
                {items
                  .filter((one) => one.open > 0 || one.policy !== null)
                  .map((one) => (
                    <tr key={one.code}>
                      <td>{one.name}</td>
                      <td>{one.policy === null ? <Nothing /> : textOf("gate", one.policy)}</td>
                      <td>{one.resolution === null ? <Nothing /> : textOf("resolution", one.resolution)}</td>
                      <td className="number">
                        <Link to="/recons/$recon/breaks" params={{ recon }} search={{ reason: [one.code] }}>
                          <Count value={one.open} />
                        </Link>
                      </td>
                    </tr>
                  ))}
              </tbody>
            </table>
          )}
        </Loaded>
      </Section>
      {adding && query.data !== undefined && (
        <NewReasonRule recon={recon} used={query.data} onDone={again} onClose={() => setAdding(false)} />
      )}
    </>
  );
}

function wholeText(whole: boolean | null): string {
  if (whole === null) return text("admin.either");
  return text(whole ? "admin.yes" : "admin.no");
}
