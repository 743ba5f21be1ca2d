import type { Draw } from './damage.ts';

/** The beginning of a text, ending in the middle of a line and of no surrogate pair. */
export function cutText(text: string, draw: Draw): string {
  let end = Math.floor(text.length * (0.35 + 0.5 * draw('cut')));
  while (end > 1 && /[\s\ud800-\udbff]/.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
