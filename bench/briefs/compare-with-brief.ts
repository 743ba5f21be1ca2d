import { clip } from './clip.ts';
import type { Reading } from './reading.ts';

/** A word in Latin letters, or two neighbouring signs of a script without spaces. */
const terms = /[\p{Script=Latin}\d][\p{Script=Latin}\d'’-]{4,}|(?=(\p{Script=Han}{2}))/gu;
/** Of the words of an item at least this share stands in the result where the item was dealt with. */
const dealtWith = 0.5;
/** Prose has more words that nobody need repeat. */
const takenUp = 1 / 3;
/** Characters; what is longer holds material beside what is asked. */
const longestOrder = 8_000;

/** Every file that the brief names is there or spoken of, and so is every item of its lists. */
export function findMissing({ brief, result, files }: Reading): string[] {
  const whole =
    `${result}\n${files.map(({ path, text }) => `${path}\n${text}`).join('\n')}`.toLowerCase();
  const paths = [...brief.text.matchAll(/`([\w./-]+\.\w{1,5})`/g)].map(([, path = '']) => path);
  return [
    ...[...new Set(paths)]
      .filter((path) => !whole.includes(path.toLowerCase()))
      .map((path) => `the brief's file is missing: ${path}`),
    ...listItems(brief.text)
      .filter((item) => shareOfTerms(item, whole) < dealtWith)
      .map((item) => `nothing about: ${clip(item)}`),
    ...(brief.text.length < longestOrder && shareOfTerms(brief.text, whole) < takenUp
      ? ["the brief's words are not taken up"]
      : []),
  ];
}

/** Sections about the brief's items, and about its headings, come in their order. */
export function findWrongOrder(brief: string, headings: readonly string[]): string[] {
  return [...outOfTurn(listItems(brief), headings), ...outOfTurn(listChapters(brief), headings)];
}

function outOfTurn(wanted: readonly string[], headings: readonly string[]): string[] {
  const places = [...new Set(wanted)].flatMap((item) => {
    const place = placeOf(item, headings);
    return place === null ? [] : [{ item, place }];
  });
  return places
    .filter(({ place }, index) => place < (places[index - 1]?.place ?? 0))
    .map(({ item }) => `before its turn: ${clip(item)}`);
}

/** The heading that says most of an item, and says it no less than half. */
function placeOf(item: string, headings: readonly string[]): number | null {
  // A word of four letters is too common to tell anything.
  if (termsOf(item).size === 0) return null;
  const shares = headings.map((title) =>
    Math.min(
      shareOfTerms(item, title.toLowerCase()),
      shareOfTerms(title, item.toLowerCase()) + 0.5,
    ),
  );
  const best = Math.max(0, ...shares);
  return best >= dealtWith ? shares.indexOf(best) : null;
}

/** The entries of a brief's lists; those of its code and of its front matter are none. */
export function listItems(brief: string): string[] {
  return [
    ...proseOf(brief).matchAll(
      /^\s*(?:[-*•+]\s+(?:\[[ xX]\]\s+)?|\d{1,2}(?:\.\d{1,2})*[.)]?\s+|[a-z]\)\s+|\d{1,2}、|[（(][一二三四五六七八九十\d]+[）)])\s*(.+)$/gm,
    ),
  ]
    .map(([, item = '']) => item)
    .filter((item) => !/[:：]$/.test(item));
}

/** Headings below the title, and lines that begin as chapters do. */
function listChapters(brief: string): string[] {
  return [
    ...proseOf(brief).matchAll(
      /^\s*(?:#{2,6}\s+|第[一二三四五六七八九十\d]+[章节]\s*|[IVX]{1,4}\.\s+|[一二三四五六七八九十]+、)(.+)$/gm,
    ),
  ].map(([, heading = '']) => heading);
}

function proseOf(brief: string): string {
  return brief
    .replace(/\r/g, '')
    .replace(/^\uFEFF?---\n[\s\S]*?\n---\n/, '')
    .replace(/^(```|~~~)(?!markdown)[^\n]*\n[\s\S]*?^\1[^\n]*$/gm, '');
}

function shareOfTerms(text: string, whole: string): number {
  const wanted = termsOf(text);
  if (wanted.size === 0) return 1;
  return [...wanted].filter((term) => whole.includes(term)).length / wanted.size;
}

function termsOf(text: string): Set<string> {
  return new Set([...text.toLowerCase().matchAll(terms)].map(([word, pair]) => pair ?? word));
}
