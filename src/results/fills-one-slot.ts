import { isJoining } from './joining-words.ts';

/** Scripts that put no space between words, as members of a character class (flag v). */
export const unspaced =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Khmer}\\p{Script=Lao}';

const token = new RegExp(`[${unspaced}]|[[\\p{L}\\p{M}]--[${unspaced}]]+|\\d+(?:[.,]\\d+)*`, 'gv');
const isUnspaced = new RegExp(`^[${unspaced}]$`, 'v');
/** A longer stretch is another sentence, not another name. */
const longestSlot = 8;

/**
 * Whether two statements are one pattern with another name in it: "the training set holds 60,000
 * images" and "the test set holds 10,000 images". Whoever contradicts another writes a sentence of
 * their own, or changes the amount alone.
 */
export function fillsOneSlot(one: string, other: string): boolean {
  const [left, right] = [readTokens(one), readTokens(other)];
  const most = Math.min(left.length, right.length);
  let before = 0;
  while (before < most && left[before] === right[before]) before += 1;
  let after = 0;
  while (after < most - before && left.at(-1 - after) === right.at(-1 - after)) after += 1;
  const slots = [left, right].map((tokens) =>
    tokens.slice(before, tokens.length - after).filter((word) => !isJoining(word)),
  );
  const [mine = [], theirs = []] = slots;
  const isName = slots.every((slot) => slot.length > 0 && slot.length <= longestSlot);
  return isName && before + after > 0 && !slots.flat().includes('#') && !isInflected(mine, theirs);
}

/**
 * The same in any order of words: each has one or two words of its own instead of the other's, and all
 * else is shared. "Toyota sold 300 cars" and "last year Toyota built 900". A true contradiction in
 * which both changed their verb is missed so; an invented one would cost more.
 */
export function swapsContent(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const mine = [...one].filter((word) => !other.has(word));
  const theirs = [...other].filter((word) => !one.has(word));
  const isShort = (words: readonly string[]) => words.length > 0 && wordsIn(words) <= 2;
  return isShort(mine) && isShort(theirs) && !isInflected(mine, theirs);
}

/** Two signs of a script without spaces make about one word. */
function wordsIn(words: readonly string[]): number {
  const signs = words.filter((word) => isUnspaced.test(word)).length;
  return Math.ceil(signs / 2) + words.length - signs;
}

/** In lower case; every amount is the same sign, since amounts are what may differ. */
function readTokens(text: string): string[] {
  return (text.toLowerCase().match(token) ?? []).map((word) => (/^\d/.test(word) ? '#' : word));
}

/** cost and costs, measure and measured; or the one says what the other does and more. */
function isInflected(one: readonly string[], other: readonly string[]): boolean {
  const isWithin = (part: readonly string[], whole: readonly string[]) =>
    part.every((word) => whole.some((twin) => isSameStem(word, twin)));
  return isWithin(one, other) || isWithin(other, one);
}

function isSameStem(word: string, twin: string): boolean {
  if (word === twin) return true;
  const stem = Math.max(3, Math.min(word.length, twin.length) - 1);
  return word.slice(0, stem) === twin.slice(0, stem);
}
