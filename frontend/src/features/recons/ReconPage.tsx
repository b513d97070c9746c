import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "@/features/session/session";
import { text } from "@/texts/text";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Facts } from "@/ui/Facts";
import { Page, Section } from "@/ui/Page";
import { Loaded } from "@/ui/states";
import { Tabs } from "@/ui/Tabs";
import { Nothing } from "@/ui/values";
import type { ReconSearch, TABS } from "./address";
import { Changes } from "./Changes";
import { ProposeDialog } from "./ProposeDialog";
import { type ReconShown, reconQuery, versionQuery } from "./queries";
import { SchedulePart } from "./SchedulePart";
import { Versions } from "./Versions";
import "./recons.css";

/** A recon: what holds, its versions and what differs between them, what waits for approval, when it runs. */
export function ReconPage() {
  const { recon } = useParams({ from: "/shell/recons/$recon" });
  const query = useQuery(reconQuery(recon));
  return (
    <Loaded query={query} lines={8}>
      {(found) => <Shown recon={found} />}
    </Loaded>
  );
}

function Shown({ recon }: { recon: ReconShown }) {
  const search: ReconSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const { tab = "definition" } = search;
  const held = recon.effective_version;
  const waiting = recon.waiting > 0 && <Badge tone="proposed">{recon.waiting}</Badge>;
  return (
    <Page
      title={recon.name}
      about={[
        recon.description ?? "",
        held === null
          ? text(recon.retired ? "recons.retired" : "recon.holdsNothing")
          : text("recon.holdsVersion", { version: held }),
      ]
        .filter(Boolean)
        .join(" · ")}
      actions={<Actions recon={recon} />}
    >
      <Tabs
        open={tab}
        onOpen={(next) =>
          void navigate({ to: ".", search: { ...search, tab: next as (typeof TABS)[number] }, replace: true })
        }
        tabs={[
          {
            id: "definition",
            label: text("recon.tabDefinition"),
            content: () => <Definition recon={recon} version={search.version} />,
          },
          {
            id: "versions",
            label: text("recon.tabVersions"),
            content: () => <Versions recon={recon.name} search={search} />,
          },
          {
            id: "changes",
            label: (
              <span className="row">
                {text("recon.tabChanges")} {waiting}
              </span>
            ),
            content: () => <Changes recon={recon.name} />,
          },
          {
            id: "schedule",
            label: text("recon.tabSchedule"),
            content: () => <SchedulePart recon={recon} />,
          },
        ]}
      />
    </Page>
  );
}

function Actions({ recon }: { recon: ReconShown }) {
  const may = useMay();
  const [retiring, setRetiring] = useState(false);
  const at = { recon: recon.name };
  return (
    <>
      <Link className="button button--plain" to="/recons/$recon/runs" params={at}>
        {text("recon.runs")}
      </Link>
      <Link className="button button--plain" to="/recons/$recon/breaks" params={at}>
        {text("recon.breaks")}
      </Link>
      {may("recons.propose", recon.name) && (
        <>
          {recon.effective_version !== null && (
            <Button onClick={() => setRetiring(true)}>{text("recon.retire")}</Button>
          )}
          <Link className="button button--main" to="/recons/$recon/edit" params={at}>
            {text("recon.edit")}
          </Link>
        </>
      )}
      {retiring && <ProposeDialog recon={recon.name} onClose={() => setRetiring(false)} />}
    </>
  );
}

function Definition({ recon, version }: { recon: ReconShown; version: number | undefined }) {
  const number = version ?? recon.effective_version ?? recon.latest_version;
  const query = useQuery({ ...versionQuery(recon.name, number ?? 0), enabled: number !== null });
  return (
    <div className="recons__tab">
      <Section title={text("recon.about")}>
        <div className="section__body">
          <Facts
            facts={[
              { name: text("recon.key"), value: list(recon.key) },
              { name: text("recon.fields"), value: list(recon.fields) },
              { name: text("recon.amount"), value: recon.amount ?? <Nothing /> },
              {
                name: text("recon.table"),
                value: recon.store_table === null ? <Nothing /> : <code>{recon.store_table}</code>,
              },
            ]}
          />
        </div>
      </Section>
      {number !== null && (
        <Section title={text("recon.shownVersion", { version: number })}>
          <Loaded query={query} lines={8}>
            {(found) => (
              // Long lines scroll by keyboard too.
              <pre
                className="recons__document raw"
                // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
                tabIndex={0}
                role="region"
                aria-label={text("recon.yaml")}
              >
                {found.document}
              </pre>
            )}
          </Loaded>
        </Section>
      )}
    </div>
  );
}

function list(names: readonly string[]) {
  return names.length === 0 ? <Nothing /> : names.join(", ");
}
