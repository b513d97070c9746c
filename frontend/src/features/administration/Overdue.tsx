import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { text } from "@/texts/text";
import { Section } from "@/ui/Page";
import { Segments } from "@/ui/Segments";
import { Count, TimeText } from "@/ui/values";
import type { AdministrationSearch, Change } from "./address";
import { Listed } from "./Listed";
import { escalationsQuery } from "./queries";

/** What was told of breaks that nobody decided in time; each leads to what is overdue now. */
export function Overdue({ search, go }: { search: AdministrationSearch; go: (change: Change) => void }) {
  const mine = search.whose === "mine";
  const query = useInfiniteQuery(escalationsQuery(mine));
  return (
    <Section
      title={text("admin.escalations")}
      actions={
        <Segments
          label={text("admin.whose")}
          value={mine ? "mine" : "all"}
          onChange={(next) => go({ whose: next === "mine" ? "mine" : undefined })}
          choices={[
            { value: "all", label: text("admin.whose.all") },
            { value: "mine", label: text("admin.whose.mine") },
          ]}
        />
      }
    >
      <Listed
        query={query}
        heads={[
          text("admin.at"),
          text("admin.recon"),
          text("admin.policy"),
          text("admin.overdueThen"),
          text("admin.oldestDue"),
          text("admin.overdueNow"),
        ]}
        empty={text("admin.noEscalations")}
        hint={text("admin.noEscalationsHint")}
      >
        {(one) => (
          <tr key={one.escalation}>
            <td>
              <TimeText moment={one.at} />
            </td>
            <td>{one.recon}</td>
            <td>{one.policy}</td>
            <td>
              <Count value={one.breaks} />
            </td>
            <td>
              <TimeText moment={one.oldest_due} />
            </td>
            <td>
              <Link
                to="/recons/$recon/breaks"
                params={{ recon: one.recon }}
                search={{ overdue: "true", sort: "due" }}
              >
                {text("admin.showOverdue")}
              </Link>
            </td>
          </tr>
        )}
      </Listed>
    </Section>
  );
}
