import { text, textOf } from "@/texts/text";
import type { CauseLine } from "./detail";

/** What a cause is called in a list: what happens to which field; of a group what its values have in common. */
export function causeName(cause: CauseLine): string {
  if (cause.explains) {
    const { transformation } = cause;
    const family =
      transformation === null || transformation === "unknown"
        ? textOf("kind", cause.kind)
        : textOf("family", transformation);
    return cause.field === null ? family : `${cause.field} · ${family}`;
  }
  return cause.field === null ? textOf("kind", cause.kind) : `${cause.field} · ${text("side.unexplained")}`;
}

/** Where it holds, or what the values of a group look like. */
export function causePlace(cause: CauseLine): string {
  if (cause.explains) return cause.scope === "true" ? text("side.everywhere") : (cause.scope ?? "");
  return cause.slice ?? cause.shape ?? "";
}
