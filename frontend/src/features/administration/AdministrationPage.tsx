import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { useMay } from "@/features/session/session";
import { text } from "@/texts/text";
import { Page } from "@/ui/Page";
import { Tabs } from "@/ui/Tabs";
import { administrationSearch, type Change, changed, NEEDS, type Tab, TABS } from "./address";
import { Audit } from "./Audit";
import { Connections } from "./Connections";
import { Groups } from "./Groups";
import { Jobs } from "./Jobs";
import { Keys } from "./Keys";
import { Overdue } from "./Overdue";
import { Policies } from "./Policies";
import { Reasons } from "./Reasons";
import { Roles } from "./Roles";
import { Schedules } from "./Schedules";
import { Users } from "./Users";
import "./administration.css";

const PARTS = {
  users: Users,
  groups: Groups,
  roles: Roles,
  keys: Keys,
  connections: Connections,
  reasons: Reasons,
  policies: Policies,
  overdue: Overdue,
  schedules: Schedules,
  jobs: Jobs,
  audit: Audit,
};

/** What keeps the platform in order; each person sees the parts of their role. */
export function AdministrationPage() {
  const may = useMay();
  const search = useSearch({ from: "/shell/administration" });
  const navigate = useNavigate({ from: "/administration" });
  const go = useCallback(
    (change: Change) =>
      void navigate({ search: (before) => changed(administrationSearch(before), change), replace: true }),
    [navigate],
  );
  const tabs = TABS.filter((tab) => NEEDS[tab].some((permission) => may(permission)));
  const open = search.tab !== undefined && tabs.includes(search.tab) ? search.tab : tabs[0];
  return (
    <Page title={text("admin.title")}>
      {open !== undefined && (
        <Tabs
          open={open}
          onOpen={(tab) => void navigate({ search: { tab: tab as Tab } })}
          tabs={tabs.map((tab) => {
            const Part = PARTS[tab];
            return {
              id: tab,
              label: text(`admin.tab.${tab}`),
              content: () => (
                <div className="admin__part">
                  <Part search={search} go={go} />
                </div>
              ),
            };
          })}
        />
      )}
    </Page>
  );
}
