import { formatDate } from "@/lib/dates";
import { formatDecimal } from "@/lib/decimals";
import { text } from "@/texts/text";
import { SelectField } from "@/ui/Field";
import { useLocale } from "@/ui/locale";
import { Page, Section } from "@/ui/Page";
import { Segments } from "@/ui/Segments";
import { Keys } from "./Keys";
import { type Preferences, usePreferences } from "./preferences";

const LOCALES = ["en-GB", "en-US", "de-DE", "de-CH", "fr-FR", "es-ES", "it-IT", "nl-NL", "sv-SE", "ja-JP"];

/** How the workstation looks and answers to this person. */
export function PreferencesPage() {
  const { preferences, change } = usePreferences();
  const locale = useLocale();
  return (
    <Page title={text("preferences.title")}>
      <Section title={text("preferences.look")}>
        <div className="section__body">
          <div className="row">
            <Segments
              labelled
              label={text("preferences.theme")}
              value={preferences.theme ?? "system"}
              onChange={(theme) => change(() => ({ theme: theme as NonNullable<Preferences["theme"]> }))}
              choices={[
                { value: "system", label: text("preferences.theme.system") },
                { value: "light", label: text("preferences.theme.light") },
                { value: "dark", label: text("preferences.theme.dark") },
              ]}
            />
            <Segments
              labelled
              label={text("preferences.density")}
              value={preferences.density ?? "compact"}
              onChange={(density) =>
                change(() => ({ density: density as NonNullable<Preferences["density"]> }))
              }
              choices={[
                { value: "compact", label: text("preferences.density.compact") },
                { value: "comfortable", label: text("preferences.density.comfortable") },
              ]}
            />
          </div>
          <SelectField
            label={text("preferences.locale")}
            hint={text("preferences.example", {
              number: formatDecimal("-1234567.50", locale),
              date: formatDate("2026-11-19", locale),
            })}
            value={preferences.locale ?? ""}
            onChange={(event) => change(() => ({ locale: event.target.value }))}
            choices={[
              { value: "", label: text("preferences.locale.browser", { locale: navigator.language }) },
              ...LOCALES.map((value) => ({ value, label: `${value} · ${formatDecimal("1234.50", value)}` })),
            ]}
          />
        </div>
      </Section>
      <Section title={text("preferences.keys")}>
        <div className="section__body">
          <p className="soft">{text("help.remembered")}</p>
          <Keys />
        </div>
      </Section>
    </Page>
  );
}
