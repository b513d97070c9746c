import { Outlet, useLocation } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { usePreferences } from "@/features/session/preferences";
import { useSamePerson } from "@/features/session/session";
import { useHotkeys } from "@/hotkeys/HotkeyProvider";
import { text } from "@/texts/text";
import { Skeleton } from "@/ui/states";
import { resolved } from "../theme";
import { KnownRecon } from "./KnownRecon";
import { Rail } from "./Rail";
import { TopBar } from "./TopBar";
import "./shell.css";

const HelpDialog = lazy(() => import("./HelpDialog"));
const SearchDialog = lazy(() => import("./SearchDialog"));

function beginAnew(): void {
  window.location.reload();
}

/** The frame of every page: top bar, rail, the page itself. */
export function Shell() {
  useSamePerson(beginAnew);
  const [open, setOpen] = useState<"help" | "search">();
  const { change } = usePreferences();
  const path = useLocation({ select: (location) => location.pathname });
  const turn = () =>
    change(({ theme = "system" }) => ({ theme: resolved(theme) === "dark" ? "light" : "dark" }));
  const close = () => setOpen(undefined);
  useHotkeys({ "app.help": () => setOpen("help"), "app.search": () => setOpen("search"), "app.theme": turn });
  return (
    <div className="shell">
      <a className="shell__skip" href="#content">
        {text("shell.skip")}
      </a>
      <TopBar onSearch={() => setOpen("search")} onHelp={() => setOpen("help")} onTheme={turn} />
      <div className="shell__below">
        <Rail />
        <main id="content" className="shell__content" tabIndex={-1}>
          <Suspense key={path} fallback={<Skeleton lines={6} />}>
            <KnownRecon>
              <Outlet />
            </KnownRecon>
          </Suspense>
        </main>
      </div>
      <Suspense>
        {open === "help" && <HelpDialog onClose={close} />}
        {open === "search" && <SearchDialog onClose={close} />}
      </Suspense>
    </div>
  );
}
