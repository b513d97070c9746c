/** Which characters of two values differ, so that they can be marked inside the value. */

export interface Piece {
  text: string;
  changed: boolean;
}

function table(a: readonly string[], b: readonly string[]): Uint16Array {
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const at = i * width + j;
      longest[at] =
        a[i] === b[j]
          ? (longest[at + width + 1] ?? 0) + 1
          : Math.max(longest[at + width] ?? 0, longest[at + 1] ?? 0);
    }
  }
  return longest;
}

function push(pieces: Piece[], text: string, changed: boolean): void {
  const last = pieces.at(-1);
  if (last?.changed === changed) last.text += text;
  else pieces.push({ text, changed });
}

const LIMIT = 400;

/** The two values in pieces, common and changed, by their longest common subsequence. Long values count as wholly changed. */
export function differing(a: string, b: string): [Piece[], Piece[]] {
  if (a === b) return [[{ text: a, changed: false }], [{ text: b, changed: false }]];
  const [first, second] = [Array.from(a), Array.from(b)];
  if (first.length > LIMIT || second.length > LIMIT) {
    return [[{ text: a, changed: true }], [{ text: b, changed: true }]];
  }
  const longest = table(first, second);
  const width = second.length + 1;
  const left: Piece[] = [];
  const right: Piece[] = [];
  let i = 0;
  let j = 0;
  while (i < first.length || j < second.length) {
    if (i < first.length && j < second.length && first[i] === second[j]) {
      push(left, first[i] ?? "", false);
      push(right, second[j] ?? "", false);
      i += 1;
      j += 1;
    } else if (
      j >= second.length ||
      (i < first.length && (longest[(i + 1) * width + j] ?? 0) >= (longest[i * width + j + 1] ?? 0))
    ) {
      push(left, first[i] ?? "", true);
      i += 1;
    } else {
      push(right, second[j] ?? "", true);
      j += 1;
    }
  }
  return [left, right];
}
