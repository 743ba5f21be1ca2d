import type { Brief } from './read-briefs.ts';

export interface Reading {
  brief: Brief;
  /** Markdown. */
  result: string;
  files: readonly { path: string; text: string }[];
}

/** What a reader would stumble over in a result, in words; empty: it is orderly. */
export function findDisorder(reading: Reading): string[] {
  const prose = withoutCode(reading.result);
  return [
    ...findTwins('heading twice', headingsOf(prose)),
    ...findTwins('paragraph twice', longParagraphsOf(prose)),
    ...findEchoedHeadings(prose),
    ...findEmptySections(prose),
    ...findLooseEnds(prose),
    ...findLeftovers('the result', prose),
    ...reading.files.flatMap(({ path, text }) => findFileTrouble(path, text)),
    ...findMissing(reading),
    ...findWrongOrder(reading),
  ];
}

const shortestRepetition = 100;

function withoutCode(markdown: string): string {
  return markdown.replace(/^(```|~~~)[^\n]*\n[\s\S]*?^\1[^\n]*$/gm, '(code)');
}

function headingsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#{1,2} (.+)$/gm)].map(([, title = '']) => title.trim());
}

function longParagraphsOf(markdown: string): string[] {
  return markdown
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.replace(/\s+/g, ' ').trim())
    .filter((paragraph) => Buffer.byteLength(paragraph) >= shortestRepetition);
}

function findTwins(what: string, texts: readonly string[]): string[] {
  const seen = new Set<string>();
  return texts
    .map((text) => ({ text, key: text.toLowerCase() }))
    .filter(({ key }) => (seen.has(key) ? true : !seen.add(key)))
    .map(({ text }) => `${what}: ${clip(text)}`);
}

/** A section that says its own title once more. */
function findEchoedHeadings(markdown: string): string[] {
  const headings = [...markdown.matchAll(/^(#{1,6}) (.+)$/gm)];
  return headings
    .filter(([, , title], index) => index > 0 && title === headings[index - 1]?.[2])
    .map(([, , title = '']) => `a heading that repeats the one above it: ${clip(title)}`);
}

/** A heading with nothing below it but another of its own level, or the end. */
function findEmptySections(markdown: string): string[] {
  return [...markdown.matchAll(/^(#{2,6}) (.+)\n\s*(?=(#{1,6}) |$(?![\s\S]))/gm)]
    .filter(([, own = '', , next]) => next === undefined || next.length <= own.length)
    .map(([, , title = '']) => `nothing below the heading: ${clip(title)}`);
}

const isHeading = /^#{1,6} /;
const isBlock = /^(?:#{1,6} |[-*•|>]|\d+[.)、]|\(code\)|!\[)/;
const endsWell = /[.!?:;…。！？：；)\]）】”"’'*`_|]$/;

/** A lead-in to nothing ("It builds on:"), and a section whose last sentence breaks off. */
function findLooseEnds(markdown: string): string[] {
  const blocks = markdown.split(/\n{2,}/).map((block) => block.trim());
  return blocks.flatMap((block, index) => {
    const next = blocks[index + 1];
    if (isBlock.test(block)) return [];
    const isLast = next === undefined || isHeading.test(next);
    const lastLine = block.split('\n').at(-1) ?? '';
    if (/[:：]$/.test(block) && (isLast || !isBlock.test(next))) {
      return [`a lead-in to nothing: ${clip(lastLine)}`];
    }
    return isLast && !endsWell.test(block) && !isBlock.test(lastLine)
      ? [`a section that breaks off: …${lastLine.slice(-60)}`]
      : [];
  });
}

/** As `checkContradictions` writes it for the task that is to mend one. */
const reworkNote = /Instead of “[^”\n]+” say what /;

const leftovers: readonly [RegExp, string][] = [
  [/<\/?think>/i, 'thinking'],
  [/You are Headrace['’]s/i, 'a system prompt'],
  [
    /<\/?(?:brief|clarifications|models|plan_so_far|task|acceptance|inputs?|rework|candidates?|criteria|format)(?: [^>\n]*)?>/i,
    'a tag of the prompt',
  ],
  [reworkNote, 'a note of rework'],
  [/^\s*[{[]\s*(?:"|$)|^\s*"[a-z_]+"\s*:/m, 'JSON'],
  [/\bundefined\b|\bNaN\b|\[object Object\]/, 'a value that was not there'],
  [/\b(?:lorem ipsum|as an ai|i cannot (?:help|assist))\b/i, 'small talk'],
  [/^\s*(?:sure|certainly|of course|here is|here's)\b[^\n]{0,80}[:!]\s*$/im, 'small talk'],
];

function findLeftovers(where: string, text: string): string[] {
  return leftovers.flatMap(([pattern, what]) => {
    const found = pattern.exec(text);
    return found ? [`${what} in ${where}: ${clip(text.slice(found.index))}`] : [];
  });
}

function findFileTrouble(path: string, text: string): string[] {
  if (text.trim() === '') return [`${path} is empty`];
  if (/^```/.test(text)) return [`a fence round ${path}`];
  const left = /<\/?think>|You are Headrace['’]s/i.test(text) || reworkNote.test(text);
  return left ? [`leftovers in ${path}`] : [];
}

/** A word in Latin letters, or two neighbouring signs of a script without spaces. */
const terms = /[\p{Script=Latin}\d][\p{Script=Latin}\d'’-]{4,}|(?=(\p{Script=Han}{2}))/gu;
/** Of the words of an item at least this share stands in the result where the item was dealt with. */
const dealtWith = 0.5;
/** Prose has more words that nobody need repeat. */
const takenUp = 1 / 3;

/** Every file that the brief names is there or spoken of, and so is every item of its lists. */
function findMissing({ brief, result, files }: Reading): string[] {
  const whole =
    `${result}\n${files.map(({ path, text }) => `${path}\n${text}`).join('\n')}`.toLowerCase();
  const paths = [...brief.text.matchAll(/`([\w./-]+\.\w{1,5})`/g)].map(([, path = '']) => path);
  const items = itemsOf(brief.text);
  return [
    ...[...new Set(paths)]
      .filter((path) => !whole.includes(path.toLowerCase()))
      .map((path) => `the brief's file is missing: ${path}`),
    ...items
      .filter((item) => shareOfTerms(item, whole) < dealtWith)
      .map((item) => `nothing about: ${clip(item)}`),
    ...(shareOfTerms(brief.text, whole) < takenUp ? ["the brief's words are not taken up"] : []),
  ];
}

function itemsOf(text: string): string[] {
  return [...text.matchAll(/^\s*(?:[-*•]|\d+[.)、])\s*(.+)$/gm)].map(([, item = '']) => item);
}

/** Sections about the brief's items come in the order of the items. */
function findWrongOrder({ brief, result }: Reading): string[] {
  const headings = headingsOf(withoutCode(result));
  const places = itemsOf(brief.text)
    .map((item) => ({
      item,
      place: headings.findIndex((title) => shareOfTerms(item, title.toLowerCase()) >= dealtWith),
    }))
    .filter(({ place }) => place >= 0);
  return places
    .filter(({ place }, index) => place < (places[index - 1]?.place ?? 0))
    .map(({ item }) => `before its turn: ${clip(item)}`);
}

function shareOfTerms(text: string, whole: string): number {
  const wanted = new Set(
    [...text.toLowerCase().matchAll(terms)].map(([word, pair]) => pair ?? word),
  );
  if (wanted.size === 0) return 1;
  return [...wanted].filter((term) => whole.includes(term)).length / wanted.size;
}

function clip(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
