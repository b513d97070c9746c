import { catalogue, type TextKey } from "./catalogue";

type Placeholder<T extends string> = T extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `${infer Only}|${string}` ? Only : Name) | Placeholder<Rest>
  : never;

type Values<K extends TextKey> = Record<Placeholder<(typeof catalogue)[K]>, string | number>;
type Arguments<K extends TextKey> = [Placeholder<(typeof catalogue)[K]>] extends [never] ? [] : [Values<K>];

/** Keys of texts that need no values. */
export type PlainKey = {
  [K in TextKey]: [Placeholder<(typeof catalogue)[K]>] extends [never] ? K : never;
}[TextKey];

const HOLE = /\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g;

/**
 * The text of a key. `{n}` is replaced by the value, `{n|break|breaks}` by the first word when the value is 1 (or "1"), else
 * by the second. Keys and the values they need are checked by the compiler.
 */
export function text<K extends TextKey>(key: K, ...values: Arguments<K>): string {
  const given: Partial<Record<string, string | number>> = values[0] ?? {};
  return catalogue[key].replace(HOLE, (_, name: string, one?: string, many?: string) => {
    const value = given[name] ?? "";
    if (one === undefined || many === undefined) return String(value);
    return String(value) === "1" ? one : many;
  });
}

/** The text of a code the server sends (`state.in_review`), or the code made readable where the catalogue has none. */
export function textOf(group: string, code: string): string {
  const known: Partial<Record<string, string>> = catalogue;
  return known[`${group}.${code}`] ?? code.replaceAll("_", " ");
}

export type { TextKey };
