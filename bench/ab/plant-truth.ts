/** The same text with most of it taken out: a judge that does not prefer the whole one judges nothing. */
export function leaveOutMost(text: string): string {
  const blocks = text.split(/\n{2,}/);
  const kept = Math.max(1, Math.floor(blocks.length / 4));
  if (blocks.length > 1) return blocks.slice(0, kept).join('\n\n');
  return text.slice(0, Math.ceil(text.length / 4));
}
