import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";

interface Tab {
  id: string;
  label: ReactNode;
  /** Drawn only while the tab is open, so that nothing is fetched for a closed one. */
  content: () => ReactNode;
}

/** Views of one thing, one at a time; which one is open belongs in the address. */
export function Tabs({
  tabs,
  open,
  onOpen,
}: {
  tabs: readonly Tab[];
  open: string;
  onOpen: (id: string) => void;
}) {
  return (
    <Base.Root className="tabs" value={open} onValueChange={(next) => onOpen(String(next))}>
      <Base.List className="tabs__list" activateOnFocus={false}>
        {tabs.map((tab) => (
          <Base.Tab key={tab.id} value={tab.id} className="tabs__tab">
            {tab.label}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel key={tab.id} value={tab.id} className="tabs__panel" tabIndex={-1}>
          {tab.content()}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
