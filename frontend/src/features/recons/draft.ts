import type { Inferred } from "./queries";

export const COMPARISONS = [
  "exact",
  "absolute",
  "relative",
  "days",
  "seconds",
  "ignore_case",
  "similarity",
  "ignore",
] as const;
export type Comparison = (typeof COMPARISONS)[number];
export const CHECKS = ["not_null", "unique", "range", "allowed", "matches"] as const;
export type CheckKind = (typeof CHECKS)[number];
export const TYPES = ["string", "integer", "decimal(18,2)", "float", "boolean", "date", "timestamp"] as const;

/** Comparisons that take no measure. */
export const PLAIN: ReadonlySet<Comparison> = new Set(["exact", "ignore_case", "ignore"]);

/** Where a side comes from, as it is entered. */
export interface SourceDraft {
  location: string;
  system: string;
  format: string;
  delimiter: string;
  encoding: string;
  sheet: string;
  skipRows: string;
}

/** Two columns that mean the same, as they are entered; steps as a definition writes them, without brackets. */
export interface PairDraft {
  id: string;
  field: string;
  a: string;
  b: string;
  type: string;
  stepsA: string;
  stepsB: string;
  compare: Comparison;
  measure: string;
  key: boolean;
  overlap: number | null;
  conflict: string | null;
}

/** A check, as it is entered. */
export interface CheckDraft {
  kind: CheckKind;
  field: string;
  min: string;
  max: string;
  values: string;
  pattern: string;
}

/** A definition while it is made. */
export interface Draft {
  recon: string;
  population: "full" | "flow";
  sources: { a: SourceDraft; b: SourceDraft };
  pairs: readonly PairDraft[];
  context: readonly string[];
  amount: string;
  currency: string;
  checks: readonly CheckDraft[];
  cron: string;
  timezone: string;
  table: string;
}

export const NO_SOURCE: SourceDraft = {
  location: "",
  system: "",
  format: "",
  delimiter: "",
  encoding: "",
  sheet: "",
  skipRows: "",
};

/** The draft that an inference proposes. */
export function drafted(recon: string, sources: Draft["sources"], found: Inferred): Draft {
  return {
    recon,
    population: "full",
    sources,
    pairs: found.pairs.map((pair) => ({
      id: pair.field,
      field: pair.field,
      a: pair.column_a,
      b: pair.column_b,
      type: pair.type,
      stepsA: pair.steps_a.join(", "),
      stepsB: pair.steps_b.join(", "),
      compare: "exact",
      measure: "",
      key: pair.key,
      overlap: pair.overlap,
      conflict: pair.conflict,
    })),
    context: found.context,
    amount: "",
    currency: "",
    checks: [],
    cron: "",
    timezone: "UTC",
    table: "",
  };
}

/** A pair of two columns, with a name of its own. */
export function paired(draft: Draft, a: string, b: string): Draft {
  const taken = new Set(draft.pairs.map((pair) => pair.field.toLowerCase()));
  let field = a;
  for (let number = 2; taken.has(field.toLowerCase()); number += 1) field = `${a}_${number}`;
  const rest = draft.pairs.filter((pair) => pair.a !== a && pair.b !== b);
  const before = draft.pairs.find((pair) => pair.a === a) ?? draft.pairs.find((pair) => pair.b === b);
  const made: PairDraft = {
    ...(before ?? {
      id: `${a} ${b}`,
      field,
      type: "",
      stepsA: "",
      stepsB: "",
      compare: "exact",
      measure: "",
      key: false,
      overlap: null,
      conflict: null,
    }),
    a,
    b,
    overlap: null,
    conflict: null,
  };
  return {
    ...draft,
    pairs: [...rest, made],
    context: draft.context.filter((name) => name !== a && name !== b),
  };
}

/** Columns of a side that are in no pair. */
export function unpaired(draft: Draft, side: "a" | "b", columns: readonly string[]): string[] {
  const taken = new Set(draft.pairs.map((pair) => pair[side]));
  return columns.filter((column) => !taken.has(column));
}

/** A text as YAML: a JSON text is one. */
export function quoted(value: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(value) && !WORDS.has(value.toLowerCase())
    ? value
    : JSON.stringify(value);
}

const WORDS = new Set(["null", "true", "false", "yes", "no", "on", "off", "y", "n"]);

/** A list of names as YAML. */
export const list = (values: readonly string[]) => `[${values.map(quoted).join(", ")}]`;

function sourceOf(source: SourceDraft): string {
  const parts: string[] = [];
  if (source.system !== "") parts.push(`system: ${quoted(source.system)}`);
  parts.push(`location: ${JSON.stringify(source.location)}`);
  if (source.format !== "") parts.push(`format: ${source.format}`);
  if (source.delimiter !== "") parts.push(`delimiter: ${JSON.stringify(source.delimiter)}`);
  if (source.encoding !== "") parts.push(`encoding: ${JSON.stringify(source.encoding)}`);
  if (source.sheet !== "") parts.push(`sheet: ${JSON.stringify(source.sheet)}`);
  if (/^[1-9]\d*$/.test(source.skipRows)) parts.push(`skip_rows: ${source.skipRows}`);
  return `{${parts.join(", ")}}`;
}

/** How a pair is compared, as YAML; undefined where it must be the same. */
export function comparisonOf(pair: PairDraft): string | undefined {
  if (pair.compare === "exact") return undefined;
  if (PLAIN.has(pair.compare)) return `{${pair.compare}: true}`;
  // What is no number is passed on as a text: the server says what is wrong with it, and where.
  const measure = /^\d+(\.\d+)?$/.test(pair.measure) ? pair.measure : JSON.stringify(pair.measure);
  return `{${pair.compare}: ${measure}}`;
}

/** A column and what is done to it, as YAML. */
export function sideOf(column: string, steps: string): string {
  const one = steps.replaceAll(/[\r\n]+/g, " ").trim();
  return one === "" ? quoted(column) : `{column: ${quoted(column)}, normalise: [${one}]}`;
}

/** A check as YAML. */
export function checkOf(check: CheckDraft): string {
  const field = quoted(check.field);
  if (check.kind === "not_null" || check.kind === "unique") return `{${check.kind}: [${field}]}`;
  if (check.kind === "matches")
    return `{matches: {field: ${field}, pattern: ${JSON.stringify(check.pattern)}}}`;
  if (check.kind === "allowed") {
    const values = check.values.split(",").map((value) => JSON.stringify(value.trim()));
    return `{allowed: {field: ${field}, values: [${values.join(", ")}]}}`;
  }
  const bound = (value: string) => (/^-?\d+(\.\d+)?$/.test(value) ? value : JSON.stringify(value));
  const bounds = (["min", "max"] as const).flatMap((name) =>
    check[name] === "" ? [] : [`${name}: ${bound(check[name])}`],
  );
  return `{range: {${[`field: ${field}`, ...bounds].join(", ")}}}`;
}

/** The definition as YAML. */
export function written(draft: Draft): string {
  const lines = [
    `recon: ${quoted(draft.recon)}`,
    ...(draft.population === "flow" ? ["population: flow"] : []),
    "sources:",
    `  a: ${sourceOf(draft.sources.a)}`,
    `  b: ${sourceOf(draft.sources.b)}`,
    `key: ${list(draft.pairs.filter((pair) => pair.key).map((pair) => pair.field))}`,
    "fields:",
  ];
  for (const pair of draft.pairs) {
    lines.push(`  ${quoted(pair.field)}:`);
    if (pair.type.trim() !== "") lines.push(`    type: ${quotedType(pair.type)}`);
    lines.push(`    a: ${sideOf(pair.a, pair.stepsA)}`, `    b: ${sideOf(pair.b, pair.stepsB)}`);
    const compare = comparisonOf(pair);
    if (compare !== undefined) lines.push(`    compare: ${compare}`);
  }
  if (draft.amount !== "") {
    const currency = draft.currency === "" ? "" : `, currency: ${quoted(draft.currency)}`;
    lines.push(`amount: {field: ${quoted(draft.amount)}${currency}}`);
  }
  if (draft.context.length > 0) lines.push(`context: ${list(draft.context)}`);
  if (draft.checks.length > 0) {
    lines.push("gate:", "  checks:", ...draft.checks.map((check) => `    - ${checkOf(check)}`));
  }
  if (draft.table !== "") lines.push(`store: {table: ${quoted(draft.table)}}`);
  if (draft.cron.trim() !== "") {
    lines.push(
      `schedule: {cron: ${JSON.stringify(draft.cron.trim())}, timezone: ${JSON.stringify(draft.timezone)}}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

/** A type as YAML. */
export function quotedType(type: string): string {
  return /^[a-z]+(\(\d+,\s*\d+\))?$/.test(type) ? type : JSON.stringify(type);
}
