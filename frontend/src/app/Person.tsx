import { type ReactNode, useEffect } from "react";
import { usePreferences } from "@/features/session/preferences";
import { HotkeyProvider } from "@/hotkeys/HotkeyProvider";
import { DensityContext } from "@/ui/density";
import { LocaleContext } from "@/ui/locale";
import { dress } from "./theme";

const NONE = {};

/** Gives everything below the ways of the person: theme, density, locale, keys. */
export function Person({ children }: { children: ReactNode }) {
  const { preferences } = usePreferences();
  const { theme = "system", density = "compact", locale, keys = NONE } = preferences;
  useEffect(() => dress(theme, density), [theme, density]);
  const place = locale === undefined || locale === "" ? navigator.language : locale;
  return (
    <LocaleContext value={place}>
      <DensityContext value={density}>
        <HotkeyProvider overrides={keys}>{children}</HotkeyProvider>
      </DensityContext>
    </LocaleContext>
  );
}
