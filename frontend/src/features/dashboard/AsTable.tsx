import type { ReactNode } from "react";
import { text } from "@/texts/text";

/** The numbers of a chart, for those who read rather than look. */
export function AsTable({ children }: { children: ReactNode }) {
  return (
    <details className="figures__table">
      <summary>{text("dashboard.asTable")}</summary>
      {children}
    </details>
  );
}
