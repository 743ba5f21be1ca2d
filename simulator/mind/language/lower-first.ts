/** Fit for the middle of a sentence; names (`CapCut`, `Final Cut Pro`) stay as they are. */
export function lowerFirst(text: string): string {
  const named = /\p{Lu}/u.test(text.split(/\s+/).slice(0, 3).join(' ').slice(1));
  return named ? text : text.charAt(0).toLowerCase() + text.slice(1);
}
