/** What a cut must not leave at the end. */
const joints =
  'a|an|the|of|and|or|in|on|at|to|for|with|by|from|as|that|which|who|where|when|while|than|about|between|into|through|during|under|over|vs\\.?|its|their|is|are|của|và|cho|về|với|theo|là|để|trong|der|die|das|den|dem|und|oder|für|mit|von|zur|zum|im|am|an|auf|le|la|les|de|des|du|et|ou|à|pour|par|avec|en|el|los|las|y|del|con|para|на|в|и|с|по|для|о|к|из|от|или';
const dangling = new RegExp(`(?:[\\s,;:，、；：—(-]+|\\s(?:${joints}))+$`, 'iu');
/** Where a phrase may end: before a word that joins another one to it, or at a comma. */
const phraseEnd = new RegExp(
  `^(.*[^\\s,;，、；])(?:[,;，、；：]|\\s(?:${joints}|\\p{L}{3,}ing)(?=\\s))`,
  'iu',
);

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

/** The same, cut where a phrase ends: half a phrase reads like a mistake in a title. */
export function clipPhrase(text: string, most: number): string {
  const plain = text.replace(/\s+/g, ' ').trim();
  const cut = clip(plain, most);
  if (cut === plain) return plain;
  const whole = phraseEnd.exec(`${cut} `)?.[1]?.replace(dangling, '') ?? cut;
  return closeMarks(whole.length >= cut.length * 0.4 ? whole : cut);
}

/** First letter large, no mark at the end, no markup that would break a title. */
export function toTitle(text: string, most = 96): string {
  const bare = text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^[#>\s]+/, '')
    .replace(/(\*\*|__)(.+?)\1/g, '$2')
    .replace(/(?<![\w*])[*_](?!\s)([^*_]+?)[*_](?![\w*])/g, '$1')
    .replace(/(?<!`)(<\/?[a-z][^<>`]*>)(?!`)/gi, '`$1`')
    .replace(/[“”]/g, '"')
    .trim();
  const clipped = closeMarks(clipPhrase(bare, most).replace(/[\s.。:：,，、;；!?？！]+$/u, ''));
  return clipped.charAt(0).toUpperCase() + clipped.slice(1);
}

/** Without the half of a pair of marks whose other half is missing. */
function closeMarks(text: string): string {
  const count = (mark: RegExp) => text.match(mark)?.length ?? 0;
  let closed = text;
  if (count(/[(（]/g) > count(/[)）]/g)) closed = closed.replace(/\s*[(（][^(（]*$/, '');
  if (count(/[)）]/g) > count(/[(（]/g)) closed = closed.replace(/[)）](?=[^)）]*$)/, '');
  for (const mark of ['"', '`', '**']) {
    if (closed.split(mark).length % 2 === 0) closed = closed.replaceAll(mark, '');
  }
  return closed.replace(/^["'‘]([^"'’]*)["'’]$/, '$1').trim();
}
