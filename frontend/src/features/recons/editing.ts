import { type Document, isMap, isScalar, isSeq } from "yaml";
import { entriesOf, onOneLine, parsed, piece, printed, textAt, textsAt } from "./definition";
import {
  type CheckDraft,
  checkOf,
  type Comparison,
  comparisonOf,
  COMPARISONS,
  type Draft,
  list,
  NO_SOURCE,
  type PairDraft,
  PLAIN,
  quoted,
  quotedType,
  sideOf,
  type SourceDraft,
} from "./draft";

/** A definition as the form shows it, and the places of it that the form does not show and does not touch. */
export interface Reading {
  draft: Draft;
  kept: readonly string[];
}

const SHOWN = new Set(["recon", "population", "key", "fields", "amount", "context"]);
const RULE = new Set(["type", "a", "b", "compare"]);
const SOURCE = {
  system: "system",
  format: "format",
  delimiter: "delimiter",
  encoding: "encoding",
  sheet: "sheet",
  skip_rows: "skipRows",
} as const;

/** What the form shows of a definition; undefined where the text cannot be read as one. */
export function readDefinition(text: string): Reading | undefined {
  const document = parsed(text);
  if (document === undefined) return undefined;
  const top = entriesOf(document.contents);
  const kept = [...top.keys()].filter(
    (name) => !SHOWN.has(name) && !["gate", "store", "schedule"].includes(name),
  );
  const key = textsAt(top.get("key")) ?? [];
  const pairs = pairsOf(top.get("fields"), key, kept);
  const amount = entriesOf(top.get("amount"));
  const schedule = entriesOf(top.get("schedule"));
  const store = top.get("store");
  kept.push(
    ...[...schedule.keys()]
      .filter((name) => name !== "cron" && name !== "timezone")
      .map((name) => `schedule.${name}`),
    ...[...entriesOf(store).keys()].filter((name) => name !== "table").map((name) => `store.${name}`),
    ...[...entriesOf(top.get("gate")).keys()]
      .filter((name) => name !== "checks")
      .map((name) => `gate.${name}`),
  );
  const { checks, others } = checksOf(document);
  kept.push(...others.map((at) => `gate.checks[${at}]`));
  return {
    draft: {
      recon: textAt(top.get("recon")) ?? "",
      population: textAt(top.get("population")) === "flow" ? "flow" : "full",
      sources: sourcesOf(top.get("sources")),
      pairs,
      context: textsAt(top.get("context")) ?? [],
      amount: textAt(top.get("amount")) ?? textAt(amount.get("field")) ?? "",
      currency: textAt(amount.get("currency")) ?? "",
      checks,
      cron: textAt(schedule.get("cron")) ?? "",
      timezone: textAt(schedule.get("timezone")) ?? "UTC",
      table: textAt(store) ?? textAt(entriesOf(store).get("table")) ?? "",
    },
    kept,
  };
}

function sourcesOf(node: unknown): Draft["sources"] {
  const sides = entriesOf(node);
  const read = (side: "a" | "b"): SourceDraft => {
    const at = sides.get(side);
    const parts = entriesOf(at);
    const found = { ...NO_SOURCE, location: textAt(at) ?? textAt(parts.get("location")) ?? "" };
    for (const [name, part] of Object.entries(SOURCE)) found[part] = textAt(parts.get(name)) ?? "";
    return found;
  };
  return { a: read("a"), b: read("b") };
}

/** Fields that the form can show; of the others, and of what else a field says, the places. */
function pairsOf(node: unknown, key: readonly string[], kept: string[]): PairDraft[] {
  const names = textsAt(node);
  const rules: [string, unknown][] =
    names === undefined ? [...entriesOf(node)] : names.map((name) => [name, undefined]);
  return rules.flatMap(([field, rule]) => {
    const parts = entriesOf(rule);
    const [a, b] = [columnOf(field, parts.get("a")), columnOf(field, parts.get("b"))];
    const compared = compareOf(parts.get("compare"));
    if (a === undefined || b === undefined || compared === undefined) {
      kept.push(`fields.${field}`);
      return [];
    }
    kept.push(
      ...[...parts.keys()].filter((name) => !RULE.has(name)).map((name) => `fields.${field}.${name}`),
    );
    return {
      id: field,
      field,
      a: a.column,
      b: b.column,
      type: textAt(parts.get("type")) ?? "",
      stepsA: a.steps,
      stepsB: b.steps,
      ...compared,
      key: key.includes(field),
      overlap: null,
      conflict: null,
    };
  });
}

function columnOf(field: string, node: unknown): { column: string; steps: string } | undefined {
  if (node === undefined || (isScalar(node) && node.value === null)) return { column: field, steps: "" };
  const plain = textAt(node);
  if (plain !== undefined) return { column: plain, steps: "" };
  const column = textAt(entriesOf(node).get("column"));
  if (column === undefined) return undefined;
  return { column, steps: onOneLine(entriesOf(node).get("normalise")) };
}

function compareOf(node: unknown): Pick<PairDraft, "compare" | "measure"> | undefined {
  if (node === undefined) return { compare: "exact", measure: "" };
  const [one, ...more] = [...entriesOf(node)];
  if (one === undefined || more.length > 0) return undefined;
  const compare = COMPARISONS.find((each): each is Comparison => each === one[0]);
  const measure = textAt(one[1]);
  if (compare === undefined || compare === "exact" || measure === undefined) return undefined;
  if (!PLAIN.has(compare)) return { compare, measure };
  return measure === "true" ? { compare, measure: "" } : undefined;
}

/** Checks about one field, in their order, and the places of the others. */
function checksOf(document: Document): { checks: CheckDraft[]; others: number[]; places: number[] } {
  const node = document.getIn(["gate", "checks"], true);
  const checks: CheckDraft[] = [];
  const [others, places]: [number[], number[]] = [[], []];
  for (const [at, item] of (isSeq(node) ? node.items : []).entries()) {
    const check = checkAt(item);
    if (check === undefined) others.push(at);
    else {
      checks.push(check);
      places.push(at);
    }
  }
  return { checks, others, places };
}

function checkAt(item: unknown): CheckDraft | undefined {
  const [one, ...more] = [...entriesOf(item)];
  if (one === undefined || more.length > 0) return undefined;
  const [kind, said] = one;
  const none = { min: "", max: "", values: "", pattern: "" };
  if (kind === "not_null" || kind === "unique") {
    const fields = textsAt(said) ?? [];
    return fields.length === 1 ? { ...none, kind, field: fields[0] ?? "" } : undefined;
  }
  const parts = entriesOf(said);
  const field = textAt(parts.get("field"));
  const only = (...names: string[]) =>
    [...parts.keys()].every((name) => name === "field" || names.includes(name));
  if (field === undefined) return undefined;
  if (kind === "range" && only("min", "max"))
    return { ...none, kind, field, min: textAt(parts.get("min")) ?? "", max: textAt(parts.get("max")) ?? "" };
  if (kind === "matches" && only("pattern"))
    return { ...none, kind, field, pattern: textAt(parts.get("pattern")) ?? "" };
  if (kind !== "allowed" || !only("values")) return undefined;
  const values = textsAt(parts.get("values"));
  if (values === undefined || values.some((value) => value.includes(",") || value.trim() !== value))
    return undefined;
  return { ...none, kind, field, values: values.join(", ") };
}

/** The definition with what was changed in the form, and nothing else: comments and what the form does not show stay. */
export function editedDefinition(text: string, before: Draft, after: Draft): string {
  const document = parsed(text);
  if (document === undefined) return text;
  const untouched = printed(document);
  const put = (path: readonly string[], value: string | undefined) => {
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, piece(value));
  };
  if (before.population !== after.population)
    put(["population"], after.population === "flow" ? "flow" : undefined);
  setPairs(document, before, after, put);
  setKey(document, before, after, put);
  if (before.amount !== after.amount || before.currency !== after.currency) {
    const currency = after.currency === "" ? "" : `, currency: ${quoted(after.currency)}`;
    put(["amount"], after.amount === "" ? undefined : `{field: ${quoted(after.amount)}${currency}}`);
  }
  if (before.context.join("\n") !== after.context.join("\n"))
    put(["context"], after.context.length === 0 ? undefined : list(after.context));
  setChecks(document, before, after, put);
  if (before.table !== after.table)
    setOnly(document, "store", "table", after.table === "" ? undefined : quoted(after.table));
  if (before.cron !== after.cron || before.timezone !== after.timezone) setSchedule(document, after);
  const found = printed(document);
  return found === untouched ? text : found;
}

type Put = (path: readonly string[], value: string | undefined) => void;

function setPairs(document: Document, before: Draft, after: Draft, put: Put): void {
  const same =
    before.pairs.length === after.pairs.length && before.pairs.every((pair, at) => pair === after.pairs[at]);
  if (same) return;
  if (!isMap(document.get("fields", true))) {
    put(
      ["fields"],
      `{${(textsAt(document.get("fields", true)) ?? []).map((name) => `${quoted(name)}: `).join(", ")}}`,
    );
  }
  for (const pair of before.pairs)
    if (!after.pairs.some(({ id }) => id === pair.id)) document.deleteIn(["fields", pair.field]);
  for (const pair of after.pairs) {
    const was = before.pairs.find(({ id }) => id === pair.id);
    if (was === undefined) {
      put(["fields", pair.field], `{${ruleOf(pair)}}`);
      continue;
    }
    if (was === pair) continue;
    if (was.field !== pair.field) rename(document, was.field, pair.field);
    const at = (name: string) => ["fields", pair.field, name];
    const said = (one: PairDraft) => JSON.stringify([one.field, ruleOf(one)]);
    if (said(was) === said(pair)) continue;
    if (!isMap(document.getIn(["fields", pair.field], true))) put(["fields", pair.field], "{}");
    if (was.a !== pair.a || was.stepsA !== pair.stepsA) put(at("a"), sideOf(pair.a, pair.stepsA));
    if (was.b !== pair.b || was.stepsB !== pair.stepsB) put(at("b"), sideOf(pair.b, pair.stepsB));
    if (was.type !== pair.type) put(at("type"), pair.type.trim() === "" ? undefined : quotedType(pair.type));
    if (was.compare !== pair.compare || was.measure !== pair.measure) put(at("compare"), comparisonOf(pair));
    // A column that was named by the field alone keeps its column when the field is called otherwise.
    if (was.field !== pair.field)
      for (const [side, column, steps] of [
        ["a", pair.a, pair.stepsA],
        ["b", pair.b, pair.stepsB],
      ] as const)
        if (!document.hasIn(at(side))) put(at(side), sideOf(column, steps));
  }
}

function ruleOf(pair: PairDraft): string {
  const compare = comparisonOf(pair);
  return [
    // A comma within a mapping on one line ends the value where it is not quoted.
    ...(pair.type.trim() === "" ? [] : [`type: ${JSON.stringify(pair.type.trim())}`]),
    `a: ${sideOf(pair.a, pair.stepsA)}`,
    `b: ${sideOf(pair.b, pair.stepsB)}`,
    ...(compare === undefined ? [] : [`compare: ${compare}`]),
  ].join(", ");
}

function rename(document: Document, from: string, to: string): void {
  const fields = document.get("fields", true);
  if (!isMap(fields)) return;
  for (const entry of fields.items) if (textAt(entry.key) === from) entry.key = piece(quoted(to));
}

/** The key in its order: what was taken out leaves it, what is new comes last; fields that are not shown stay. */
function setKey(document: Document, before: Draft, after: Draft, put: Put): void {
  const keyed = (draft: Draft) => draft.pairs.filter(({ key }) => key);
  const [was, is] = [keyed(before), keyed(after)];
  const old = textsAt(document.get("key", true)) ?? [];
  const named = old.flatMap((name) => {
    const pair = was.find(({ field }) => field === name);
    if (pair === undefined) return [name];
    return is.filter(({ id }) => id === pair.id).map(({ field }) => field);
  });
  const fresh = is.filter(({ id }) => !was.some((pair) => pair.id === id)).map(({ field }) => field);
  const key = [...named, ...fresh];
  if (key.join("\n") !== old.join("\n")) put(["key"], list(key));
}

function setChecks(document: Document, before: Draft, after: Draft, put: Put): void {
  const gone = before.checks.flatMap((check, at) => (after.checks.includes(check) ? [] : [at]));
  const { places } = checksOf(document);
  for (const at of gone.toReversed()) document.deleteIn(["gate", "checks", places[at]]);
  const fresh = after.checks.filter((check) => !before.checks.includes(check));
  if (fresh.length > 0 && !isSeq(document.getIn(["gate", "checks"], true))) {
    if (!isMap(document.get("gate", true))) put(["gate"], "{}");
    put(["gate", "checks"], "[]");
  }
  for (const check of fresh) document.addIn(["gate", "checks"], piece(checkOf(check)));
  const left = document.getIn(["gate", "checks"], true);
  if (gone.length > 0 && isSeq(left) && left.items.length === 0) {
    document.deleteIn(["gate", "checks"]);
    const gate = document.get("gate", true);
    if (isMap(gate) && gate.items.length === 0) document.delete("gate");
  }
}

/** Sets one entry of a part that may be written as that entry alone; without a value, takes the part away if it says nothing else. */
function setOnly(document: Document, part: string, name: string, value: string | undefined): void {
  if (!isMap(document.get(part, true))) {
    if (value === undefined) document.delete(part);
    else document.set(part, piece(`{${name}: ${value}}`));
    return;
  }
  if (value === undefined) document.deleteIn([part, name]);
  else document.setIn([part, name], piece(value));
  const left = document.get(part, true);
  if (isMap(left) && left.items.length === 0) document.delete(part);
}

function setSchedule(document: Document, after: Draft): void {
  const cron = after.cron.trim();
  if (cron === "") {
    const parts = entriesOf(document.get("schedule", true));
    if (parts.size <= 1 || ![...parts.keys()].some((name) => name !== "cron" && name !== "timezone")) {
      document.delete("schedule");
      return;
    }
  }
  setOnly(document, "schedule", "cron", cron === "" ? undefined : JSON.stringify(cron));
  if (cron !== "") setOnly(document, "schedule", "timezone", JSON.stringify(after.timezone));
}
