import type { SourceDraft } from "./draft";

/** A source as the inference takes it. */
export function asked(source: SourceDraft) {
  return {
    location: source.location,
    ...(source.format === "" ? {} : { format: source.format as "csv" }),
    ...(source.delimiter === "" ? {} : { delimiter: source.delimiter }),
    ...(source.encoding === "" ? {} : { encoding: source.encoding }),
    ...(source.sheet === "" ? {} : { sheet: source.sheet }),
    skip_rows: /^\d+$/.test(source.skipRows) ? Number(source.skipRows) : 0,
    header: true,
  };
}
