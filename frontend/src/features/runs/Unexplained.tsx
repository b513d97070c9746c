import { RunFigureLink } from "@/features/session/FigureLink";
import { formatCount } from "@/lib/numbers";
import { text, textOf } from "@/texts/text";
import { useLocale } from "@/ui/locale";
import { Section } from "@/ui/Page";
import { Count } from "@/ui/values";
import { EVERY } from "./filters";
import type { RunShown } from "./queries";

const MOST = 50;

/** Breaks that no proof, rule or cause explains, by how they look alike, the largest group first. */
export function Unexplained({ run }: { run: RunShown }) {
  const locale = useLocale();
  const groups = run.unexplained.map(read);
  const breaks = groups.reduce((sum, group) => sum + group.breaks, 0);
  const rest = groups.length - MOST;
  return (
    <Section title={text("runs.groups")}>
      <p className="runs__note soft">
        {text("runs.groupsHint", { count: formatCount(breaks, locale), n: breaks })}
      </p>
      <div className="runs__scroll">
        <table className="grid-table">
          <thead>
            <tr>
              <th>{text("runs.field")}</th>
              <th>{text("runs.group")}</th>
              <th>{text("runs.whyNot")}</th>
              <th className="number">{text("runs.count")}</th>
            </tr>
          </thead>
          <tbody>
            {groups.slice(0, MOST).map((group) => (
              <tr key={group.id}>
                <td>{group.field ?? textOf("kind", group.kind)}</td>
                <td>{group.description}</td>
                <td className="soft">{group.why}</td>
                <td className="number">
                  <RunFigureLink
                    recon={run.recon}
                    filter={{ ...EVERY, group: [group.id] }}
                    value={group.breaks}
                  >
                    <Count value={group.breaks} />
                  </RunFigureLink>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rest > 0 && <p className="runs__note soft">{text("runs.groupsMore", { n: rest })}</p>}
    </Section>
  );
}

interface GroupRead {
  id: string;
  kind: string;
  field: string | null;
  description: string;
  why: string;
  breaks: number;
}

/** A group as its document says it; its description begins with how many it has, which stands in a column here. */
function read(group: Record<string, unknown>): GroupRead {
  const said = (name: string) => (typeof group[name] === "string" ? group[name] : "");
  return {
    id: said("group_id"),
    kind: said("kind"),
    field: typeof group["field"] === "string" ? group["field"] : null,
    description: said("description").replace(/^[\d,]+ /, ""),
    why: said("why"),
    breaks: typeof group["breaks"] === "number" ? group["breaks"] : 0,
  };
}
