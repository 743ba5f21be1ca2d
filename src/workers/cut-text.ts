/**
 * The beginning of a text that fits into `limitBytes` of UTF-8, the marker of what is left out
 * included (the marker alone where not even it fits). Cut between paragraphs where that keeps at least half, else between lines, else anywhere.
 */
export function cutText(text: string, limitBytes: number): string {
  if (Buffer.byteLength(text) <= limitBytes) return text;
  // The marker with the largest number it can hold, so that the whole fits whatever is cut.
  const room = limitBytes - Buffer.byteLength(markerOf(text.length));
  const head = room > 0 ? atBorder(headOf(text, room)) : '';
  const kept = head.trimEnd();
  const marker = markerOf(text.length - kept.length);
  return kept === '' ? marker : `${kept}\n\n${marker}`;
}

const markerOf = (characters: number) => `[… ${characters} characters left out …]`;

function headOf(text: string, bytes: number): string {
  const head = Buffer.from(text).subarray(0, Math.max(0, bytes - 2));
  // `stream` drops the character that the cut went through instead of replacing it.
  return new TextDecoder('utf-8').decode(head, { stream: true });
}

function atBorder(head: string): string {
  for (const border of ['\n\n', '\n']) {
    const end = head.lastIndexOf(border);
    if (end >= head.length / 2) return head.slice(0, end);
  }
  return head;
}
