/** The one of `names` that was probably meant by `typed`: at most two slips away, or a third of its length. */
export function closestName(typed: string, names: readonly string[]): string | null {
  if (typed.length > 64) return null;
  let best: string | null = null;
  let bestSlips = Math.min(2, Math.floor(typed.length / 3)) + 1;
  for (const name of names) {
    const slips = countSlips(typed.toLowerCase().replaceAll('-', '_'), name.toLowerCase());
    if (slips < bestSlips) [best, bestSlips] = [name, slips];
  }
  return best;
}

// Levenshtein's distance, with two neighbours exchanged counted as one slip (optimal string alignment).
function countSlips(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      const options = [
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      ];
      if (swapped) options.push((beforeLast[column - 2] ?? 0) + 1);
      current.push(Math.min(...options));
    }
    [beforeLast, last] = [last, current];
  }
  return last[right.length] ?? 0;
}
