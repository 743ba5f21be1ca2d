const opening = /^ {0,3}(`{3,}|~{3,})/;

/**
 * Per line whether it belongs to fenced code, its fences included. A fence ends with one of its own
 * sign that is at least as long and stands alone, so that Markdown within Markdown stays whole.
 */
export function findFencedLines(lines: readonly string[]): boolean[] {
  let fence: string | null = null;
  return lines.map((line) => {
    const marks = opening.exec(line)?.[1];
    if (fence === null) {
      fence = marks ?? null;
      return marks !== undefined;
    }
    const closes = marks?.startsWith(fence) && line.trim() === marks;
    if (closes) fence = null;
    return true;
  });
}
