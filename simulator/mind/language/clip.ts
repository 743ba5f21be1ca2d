/** What a cut must not leave at the end. */
const dangling =
  /(?:[\s,;:，、；：—(-]+|\s(?:a|an|the|of|and|or|in|on|at|to|for|with|by|from|as|that|its|their|is|are|của|và|cho|về|với|theo|là|để))+$/iu;

/** At most `most` characters, cut at a word's end; an ideograph counts as two. */
export function clip(text: string, most: number): string {
  const plain = text.replace(/\s+/g, ' ').trim();
  let width = 0;
  let end = 0;
  for (const character of plain) {
    width += (character.codePointAt(0) ?? 0) > 0x2e80 ? 2 : 1;
    if (width > most) break;
    end += character.length;
  }
  if (end >= plain.length) return plain;
  const head = plain.slice(0, end);
  const space = head.lastIndexOf(' ');
  const cut = plain.charAt(end) !== ' ' && space > end / 2 ? head.slice(0, space) : head;
  return cut.replace(dangling, '');
}

/** First letter large, no mark at the end, no markup that would break a title. */
export function toTitle(text: string, most = 70): string {
  const bare = text
    .replace(/[*_#>]+|^["“'‘(]+/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim();
  const clipped = clip(bare, most).replace(/[\s.。:：,，、;；!?？！"”'’]+$/u, '');
  return clipped.charAt(0).toUpperCase() + clipped.slice(1);
}
