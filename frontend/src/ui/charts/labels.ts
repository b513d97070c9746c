interface Label {
  y: number;
}

/** Labels moved apart so that none lies on another, in their order from the top, inside `height`. */
export function apart<L extends Label>(labels: readonly L[], gap: number, height: number): L[] {
  const placed = [...labels].sort((one, other) => one.y - other.y);
  let least = 0;
  const down = placed.map((label) => {
    const y = Math.max(label.y, least);
    least = y + gap;
    return { ...label, y };
  });
  let most = height;
  for (let at = down.length - 1; at >= 0; at -= 1) {
    const label = down[at];
    if (label === undefined) continue;
    label.y = Math.min(label.y, most);
    most = label.y - gap;
  }
  return down;
}
