// What somebody may have meant who mistyped a name.

/** The name that is at most two letters away from what was typed (one for short ones); undefined if none is. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  const most = typed.length <= 3 ? 1 : 2;
  const [best] = names
    .map((name) => ({ name, distance: distance(typed, name) }))
    .filter((found) => found.distance <= most)
    .sort((one, other) => one.distance - other.distance);
  return best?.name ?? names.find((name) => typed.length > 1 && name.startsWith(typed));
}

/** `; did you mean NAME?`, for the end of a message; `otherwise` where none is near. */
export function didYouMean(typed: string, names: readonly string[], otherwise = ''): string {
  const like = nearest(typed, names);
  return like === undefined ? otherwise : `; did you mean ${like}?`;
}

/** Of Damerau and Levenshtein: letters put in, left out, changed, or two that changed places. */
function distance(one: string, other: string): number {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, i) => i)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1] ? at(i - 2, j - 2) + 1 : Infinity;
      row.push(Math.min(at(i - 1, j) + 1, (row[j - 1] ?? 0) + 1, at(i - 1, j - 1) + same, swapped));
    }
  }
  return at(one.length, other.length);
}
