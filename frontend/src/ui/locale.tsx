import { createContext, use } from "react";

/** The locale in which numbers and dates are written; words stay English. */
export const LocaleContext = createContext(typeof navigator === "undefined" ? "en-GB" : navigator.language);

export function useLocale(): string {
  return use(LocaleContext);
}
