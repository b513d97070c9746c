/** Reads parameters of an address, whatever a person has typed there. */

type Raw = Record<string, unknown>;

export function one(search: Raw, name: string): string | undefined {
  const value = search[name];
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === "string" && first !== "" ? first : undefined;
}

export function many(search: Raw, name: string): string[] | undefined {
  const value = search[name];
  const list = (Array.isArray(value) ? value : [value]).filter(
    (item): item is string => typeof item === "string" && item !== "",
  );
  return list.length > 0 ? list : undefined;
}

export function whole(search: Raw, name: string): number | undefined {
  const value = search[name];
  const number = typeof value === "number" ? value : Number.parseInt(one(search, name) ?? "", 10);
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

export function among<T extends string>(search: Raw, name: string, allowed: readonly T[]): T | undefined {
  const value = one(search, name);
  return allowed.find((each) => each === value);
}

/** The entries that are there; the others would stand in the address as empty. */
export function present<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
