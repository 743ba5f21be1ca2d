/** Beyond so many lines of either text the table of common lines would take the memory; the texts are shown whole. */
const mostCells = 4_000_000;
const contextLines = 3;

interface Line {
  mark: ' ' | '-' | '+';
  text: string;
}

/** A unified diff of two texts by their longest common lines; empty where they are the same. */
export function diffLines(before: string, after: string): string {
  if (before === after) return '';
  const lines = align(before.split('\n'), after.split('\n'));
  const shown = lines.map((_, index) =>
    lines
      .slice(Math.max(0, index - contextLines), index + contextLines + 1)
      .some((line) => line.mark !== ' '),
  );
  const out: string[] = [];
  for (let start = 0; start < lines.length; start += 1) {
    if (!shown[start]) continue;
    let end = start;
    while (shown[end]) end += 1;
    const hunk = lines.slice(start, end);
    const first = countOf(lines.slice(0, start), '-') + 1;
    const second = countOf(lines.slice(0, start), '+') + 1;
    out.push(`@@ -${first},${countOf(hunk, '-')} +${second},${countOf(hunk, '+')} @@`);
    out.push(...hunk.map((line) => `${line.mark}${line.text}`));
    start = end;
  }
  return out.join('\n');
}

/** Lines of one side: those that both have count on either. */
function countOf(lines: readonly Line[], side: '-' | '+'): number {
  return lines.filter((line) => line.mark === ' ' || line.mark === side).length;
}

function align(before: readonly string[], after: readonly string[]): Line[] {
  const width = after.length + 1;
  if ((before.length + 1) * width > mostCells) {
    return [
      ...before.map((text): Line => ({ mark: '-', text })),
      ...after.map((text): Line => ({ mark: '+', text })),
    ];
  }
  const common = countCommon(before, after);
  const lines: Line[] = [];
  let left = 0;
  let right = 0;
  while (left < before.length || right < after.length) {
    const [old, fresh] = [before[left], after[right]];
    const below = common[(left + 1) * width + right] ?? 0;
    const beside = common[left * width + right + 1] ?? 0;
    if (old !== undefined && old === fresh) {
      lines.push({ mark: ' ', text: old });
      left += 1;
      right += 1;
    } else if (old !== undefined && (fresh === undefined || below >= beside)) {
      lines.push({ mark: '-', text: old });
      left += 1;
    } else {
      lines.push({ mark: '+', text: fresh ?? '' });
      right += 1;
    }
  }
  return lines;
}

/** At `[i * width + j]`: the length of the longest common subsequence of what follows line i and line j. */
function countCommon(before: readonly string[], after: readonly string[]): Uint32Array {
  const width = after.length + 1;
  const common = new Uint32Array((before.length + 1) * width);
  for (let left = before.length - 1; left >= 0; left -= 1) {
    for (let right = after.length - 1; right >= 0; right -= 1) {
      const here = left * width + right;
      common[here] =
        before[left] === after[right]
          ? (common[here + width + 1] ?? 0) + 1
          : Math.max(common[here + width] ?? 0, common[here + 1] ?? 0);
    }
  }
  return common;
}
