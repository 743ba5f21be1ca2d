import { clip } from './clip.ts';
import { findMissing, findWrongOrder } from './compare-with-brief.ts';
import { findPoorHeadings } from './find-poor-headings.ts';
import type { Reading } from './reading.ts';

/** What a reader would stumble over in a result, in words; empty: it is orderly. */
export function findDisorder(reading: Reading): string[] {
  const prose = withoutCode(reading.result);
  return [
    ...findTwins('heading twice', headingsOf(prose)),
    ...findTwins('paragraph twice', longParagraphsOf(prose)),
    ...findEchoedHeadings(prose),
    ...findEmptySections(prose),
    ...findLooseEnds(prose),
    ...findLeftovers('the result', prose, reading.brief.text),
    ...findPoorHeadings(headingsOf(prose), reading.brief.text),
    ...findEchoes(prose),
    ...findParroted(prose, reading.criteria ?? []),
    ...reading.files.flatMap((file) => findFileTrouble(file, reading.brief.text)),
    ...findMissing(reading),
    ...findWrongOrder(reading.brief.text, headingsOf(prose)),
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
  [
    /\b(?:revised after review|as requested in the (?:review|feedback))\b|根据评审意见修订|đã sửa theo nhận xét/i,
    'a note of rework',
  ],
  [/“[^”\n]*(?:Simulated (?:text )?by|的模拟(?:文本|内容)|mô phỏng bởi)/i, 'a quoted label'],
  [/<\/\u200b/, 'a mark of the prompt'],
  [/^\s*[{[]\s*(?:"|$)|^\s*"[a-z_]+"\s*:/m, 'JSON'],
  [/\bundefined\b|\bNaN\b|\[object Object\]/, 'a value that was not there'],
  [/\b(?:lorem ipsum|as an ai|i cannot (?:help|assist))\b/i, 'small talk'],
  [/\blet me know if you['’]d like|如果您需要调整|hãy cho tôi biết nếu bạn muốn/i, 'small talk'],
  [/^\s*(?:sure|certainly|of course|here is|here's)\b[^\n]{0,80}[:!]\s*$/im, 'small talk'],
];

/** What the brief itself says may be spoken of. */
function findLeftovers(where: string, text: string, brief: string): string[] {
  return leftovers.flatMap(([pattern, what]) => {
    const every = new RegExp(pattern, `${pattern.flags.replace('g', '')}g`);
    const found = [...text.matchAll(every)].find(([said]) => !brief.includes(said.trim()));
    return found ? [`${what} in ${where}: ${clip(text.slice(found.index))}`] : [];
  });
}

function findFileTrouble({ path, text }: { path: string; text: string }, brief: string): string[] {
  if (text.trim() === '') return [`${path} is empty`];
  if (/^```/.test(text)) return [`a fence round ${path}`];
  const marks = [
    /<\/?think>/i,
    /You are Headrace['’]s/i,
    reworkNote,
    /let me know if you['’]d like/i,
  ];
  const left = marks.some((mark) => {
    const [said] = mark.exec(text) ?? [];
    return said !== undefined && !brief.includes(said);
  });
  return left ? [`leftovers in ${path}`] : [];
}

const shortestEcho = 16;

/** A sentence that says the title of its section twice or more. */
function findEchoes(markdown: string): string[] {
  return markdown.split(/^## /m).flatMap((section) => {
    const title = (section.split('\n')[0] ?? '').trim().toLowerCase();
    const least = /\p{Script=Han}/u.test(title) ? shortestEcho / 2 : shortestEcho;
    if (title.length < least) return [];
    const sentences = section.split(/\n|(?<=[.!?])\s|(?<=[。！？])/u).slice(1);
    return sentences
      .filter((sentence) => sentence.toLowerCase().split(title).length > 2)
      .slice(0, 1)
      .map((sentence) => `a sentence that goes in a circle: ${clip(sentence)}`);
  });
}

/** A criterion that is repeated instead of met: "Names a limitation of X: …". */
function findParroted(markdown: string, criteria: readonly string[]): string[] {
  return criteria
    .map((criterion) => criterion.replace(/^“[^”]*”\s*(?:一节须)?/u, '').replace(/[.。]$/, ''))
    .filter((criterion) => Buffer.byteLength(criterion) >= 24)
    .filter((criterion) =>
      markdown
        .toLowerCase()
        .split(/\n|(?<=[.!?])\s|(?<=[。！？])/u)
        .some((sentence) =>
          /^[:：][^\S\n]*\S/.test(sentence.split(criterion.toLowerCase())[1] ?? ''),
        ),
    )
    .map((criterion) => `a criterion instead of an answer: ${clip(criterion)}`);
}
