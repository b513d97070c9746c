/** Search parameters as plain text in the address: `?state=in_review&state=returned&cause=ab12`. Routes give them types. */

export type RawSearch = Record<string, string | string[]>;

export function parseSearch(search: string): RawSearch {
  const found: RawSearch = {};
  for (const [name, value] of new URLSearchParams(search)) {
    const before = found[name];
    found[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return found;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (typeof one === "string" && one !== "") parameters.append(name, one);
      if (typeof one === "number") parameters.append(name, String(one));
      if (one === true) parameters.append(name, "true");
    }
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}
