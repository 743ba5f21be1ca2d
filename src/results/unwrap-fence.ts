import { findFencedLines } from './fenced-lines.ts';

const whole = /^(`{3,}|~{3,})([\w-]*)\n([\s\S]*?)\n?\1\s*$/;

/**
 * What stands in a fence round the whole text, or `undefined`. A text that begins with one piece of
 * code and ends with another has none; only round Markdown, in which models forget to make the outer
 * fence longer, may others close before the end.
 */
export function unwrapFence(text: string): string | undefined {
  const [, , language = '', content] = whole.exec(text) ?? [];
  if (content === undefined || /^(?:markdown|md)$/i.test(language)) return content;
  const lines = text.trimEnd().split('\n');
  const isOneFence = findFencedLines(lines.slice(0, -1)).every(Boolean);
  return isOneFence && !closesBefore(lines) ? content : undefined;
}

/** A first fence that ended before the last line does: two pieces of code with nothing between. */
function closesBefore(lines: readonly string[]): boolean {
  const marks = /^`+|^~+/.exec(lines[0] ?? '')?.[0] ?? '';
  return lines.slice(1, -1).some((line) => line.startsWith(marks) && line.trim() === marks);
}
