import {
  Document,
  type DocumentOptions,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  type ParseOptions,
  type SchemaOptions,
} from "yaml";

/**
 * Every scalar stays the text that it is written as: numbers, dates and words are read by the server, not here.
 * What stands there for nothing stays nothing.
 */
const AS_WRITTEN: ParseOptions & DocumentOptions & SchemaOptions = {
  schema: "failsafe",
  customTags: ["null"],
};
const LAYOUT = { lineWidth: 0, flowCollectionPadding: false } as const;

/** A definition as a tree that keeps its comments and what it does not know; undefined where it is no YAML mapping. */
export function parsed(text: string): Document | undefined {
  const document = parseDocument(text, AS_WRITTEN);
  return document.errors.length === 0 && isMap(document.contents) ? document : undefined;
}

/** The tree as text. */
export function printed(document: Document): string {
  return document.toString(LAYOUT);
}

/** A piece of YAML on one line, to be set into a tree. */
export function piece(text: string): Node | null {
  return parseDocument(text, AS_WRITTEN).contents;
}

/** The text of a scalar; undefined for anything else, and for nothing. */
export function textAt(node: unknown): string | undefined {
  return isScalar(node) && typeof node.value === "string" ? node.value : undefined;
}

/** The texts of a list of scalars, or of one; undefined where it holds anything else. */
export function textsAt(node: unknown): string[] | undefined {
  const one = textAt(node);
  if (one !== undefined) return [one];
  if (!isSeq(node)) return undefined;
  const found = node.items.flatMap((item) => textAt(item) ?? []);
  return found.length === node.items.length ? found : undefined;
}

/** The entries of a mapping by their names; none where it is no mapping. */
export function entriesOf(node: unknown): Map<string, unknown> {
  if (!isMap(node)) return new Map();
  return new Map(node.items.map(({ key, value }) => [textAt(key) ?? "", value]));
}

/** A list or mapping as it stands on one line, without its brackets. */
export function onOneLine(node: unknown): string {
  if (!isCollection(node)) return textAt(node) === undefined ? "" : line(node);
  const copy = node.clone();
  if (isCollection(copy)) copy.flow = true;
  return isSeq(node) ? line(copy).slice(1, -1) : line(copy);
}

function line(node: unknown): string {
  return new Document(node, AS_WRITTEN).toString(LAYOUT).trim();
}
