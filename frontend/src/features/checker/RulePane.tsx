import { useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { useMay, useMe } from "@/features/session/session";
import { formatCount, formatShare } from "@/lib/numbers";
import { text, textOf } from "@/texts/text";
import { StateBadge } from "@/ui/Badge";
import { Facts } from "@/ui/Facts";
import { useLocale } from "@/ui/locale";
import { Loaded } from "@/ui/states";
import { TimeText } from "@/ui/values";
import { CauseEvidence } from "./CauseEvidence";
import type { PaneProps } from "./ItemPane";
import { ruleQuery } from "./queries";
import { useVerdict } from "./useVerdict";
import { Verdict } from "./Verdict";

/** A cause that is to become a standing rule, or a rule that is to be suspended, resumed or withdrawn. */
export function RulePane({ name, number, decided }: PaneProps) {
  const me = useMe();
  const may = useMay();
  const locale = useLocale();
  const give = useVerdict(decided);
  const query = useQuery(ruleQuery(name, number));
  const path = { recon: name, proposal: number };
  return (
    <Loaded query={query} lines={8}>
      {(rule) => {
        const { version } = rule;
        const about = text("checker.ruleAbout", {
          change: textOf("change", rule.change),
          rule: rule.expression,
        });
        const barred = !may("rules.approve", name)
          ? text("checker.notYours")
          : rule.maker === me.name
            ? text("checker.own")
            : undefined;
        const size =
          rule.smallest_scope === null && rule.largest_scope === null
            ? undefined
            : text("checker.scopeRange", {
                least: formatCount(rule.smallest_scope ?? 1, locale),
                most:
                  rule.largest_scope === null
                    ? text("checker.noLimit")
                    : formatCount(rule.largest_scope, locale),
              });
        return (
          <>
            <header className="check__top">
              <div className="check__name">
                <h2>{about}</h2>
                <StateBadge state={rule.state} filled />
              </div>
              {rule.state === "proposed" && (
                <Verdict
                  barred={barred}
                  effect={text(`checker.ruleEffect.${rule.change}`)}
                  refuse={text("checker.return")}
                  refuseTitle={text("checker.returnTitle")}
                  onApprove={() =>
                    give({
                      about,
                      send: () =>
                        answer(
                          api.POST("/api/v1/recons/{recon}/rule-proposals/{proposal}/approve", {
                            params: { path },
                            body: { version },
                          }),
                        ),
                      told: ({ state }) =>
                        text(state === "proposed" ? "checker.oneMore" : "checker.ruleApproved"),
                    })
                  }
                  onRefuse={(comment) =>
                    give({
                      about,
                      send: () =>
                        answer(
                          api.POST("/api/v1/recons/{recon}/rule-proposals/{proposal}/return", {
                            params: { path },
                            body: { version, comment },
                          }),
                        ),
                      told: () => text("checker.returned"),
                    })
                  }
                />
              )}
            </header>
            {rule.comment !== null && <blockquote className="check__quote">{rule.comment}</blockquote>}
            <div className="check__facts">
              <Facts
                facts={[
                  {
                    name: text("checker.maker"),
                    value: (
                      <>
                        {rule.maker}, <TimeText moment={rule.proposed_at} ago />
                      </>
                    ),
                  },
                  { name: text("checker.recon"), value: rule.recon },
                  { name: text("checker.field"), value: rule.field ?? textOf("kind", rule.kind) },
                  ...(rule.reason === null
                    ? []
                    : [{ name: text("checker.reason"), value: textOf("reason", rule.reason) }]),
                  ...(rule.resolution === null
                    ? []
                    : [{ name: text("checker.resolution"), value: textOf("resolution", rule.resolution) }]),
                  ...(rule.max_exceptions === null
                    ? []
                    : [
                        {
                          name: text("checker.maxExceptions"),
                          value: formatShare(rule.max_exceptions, locale),
                        },
                      ]),
                  ...(size === undefined ? [] : [{ name: text("checker.scopeSize"), value: size }]),
                  {
                    name: text("checker.eyes"),
                    value: `${text(rule.eyes === 6 ? "checker.six" : "checker.four")} ${rule.eyes_why ?? ""}`,
                  },
                ]}
              />
            </div>
            <CauseEvidence recon={name} cause={rule.cause_id} />
          </>
        );
      }}
    </Loaded>
  );
}
