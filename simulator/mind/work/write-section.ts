import { pick } from '../../draw.ts';
import { countTokens } from '../../tokens.ts';
import { criterionWords, holdsAll } from '../language/words.ts';
import type { Voice } from '../voice/voice.ts';
import { quoteInput } from './quote-input.ts';
import type { Writing } from './writing.ts';

interface Block {
  text: string;
  /** Left out, the largest number first, where the answer may not be so long. */
  spare: number;
}

/** Heading, label, opening, a paragraph per criterion, what it builds on, a closing sentence. */
export function writeSection(writing: Writing): string {
  const { commission, author, seed } = writing;
  const { voice, subject, title } = commission;
  const opening = pick(voice.section.openings, seed, 'opening', title, subject.sentence);
  const closing = pick(voice.section.closings, seed, 'closing', title, subject.sentence);
  const blocks: Block[] = [
    { text: `## ${title}\n\n${voice.label(author)}`, spare: 0 },
    { text: opening(subject), spare: 1 },
    ...commission.rework.map((criterion) => ({ text: voice.section.mended(criterion), spare: 0 })),
    ...quotedWords(writing),
    ...writeCriteria(writing),
    ...writeInputs(writing),
    { text: closing(subject), spare: 4 },
  ];
  return fit(blocks, writing.room);
}

/** An instruction that quotes several sentences wants them taken up one by one. */
function quotedWords({ commission }: Writing): Block[] {
  const quotes = [...commission.instruction.matchAll(/“([^”]{8,})”/g)].map(([, text = '']) => text);
  if (quotes.length < 2) return [];
  return [{ text: quotes.map((text) => `- ${text}`).join('\n'), spare: 1 }];
}

function writeCriteria(writing: Writing): Block[] {
  const { commission, missed } = writing;
  const wanted = commission.criteria.filter((criterion) => criterion !== missed);
  const blocks = wanted.map(
    (criterion): Block => ({ text: writeCriterion(writing, criterion), spare: 0 }),
  );
  return blocks;
}

const coverage =
  /^(?:covers?|gives the purpose of|cho biết mục đích của|说明(?=.*用途)|includes?|implements?|defines|涵盖|包括|实现|界定|bao quát|bao gồm|cài đặt|xác định)\s*/i;

/** By the angle that it asks for; its key words stand in the paragraph in any case. */
function writeCriterion(writing: Writing, criterion: string): string {
  const { voice, subject, title } = writing.commission;
  const angle = [...voice.duties, ...voice.angles].find(({ pattern }) => pattern.test(criterion));
  const text = coverage.test(criterion)
    ? writeCoverage(writing, criterion)
    : angle && pick(angle.bodies, writing.seed, 'body', title, criterion)(subject);
  if (text && holdsAll(text, criterionWords(criterion))) return text;
  const literal = voice.section.other(criterion, subject);
  return text ? `${literal}\n\n${text}` : literal;
}

function writeCoverage(writing: Writing, criterion: string): string {
  const { voice, subject, title } = writing.commission;
  const phrases = splitList(criterion.replace(coverage, ''), voice);
  const first = Math.floor(voice.section.aspects.length * offset(writing.seed, title));
  const lines = phrases.map((phrase, index) => {
    const aspect = voice.section.aspects[(first + index) % voice.section.aspects.length];
    if (/\S[./]\w+$/.test(phrase)) {
      return `- \`${phrase}\`: ${voice.section.filePurpose(nameOf(phrase))}`;
    }
    return `- **${phrase}**: ${aspect}`;
  });
  return `${voice.section.covers(subject.focus)}\n\n${lines.join('\n')}`;
}

/** `src/data_loader.py` is about a data loader. */
function nameOf(path: string): string {
  const stem =
    path
      .split('/')
      .at(-1)
      ?.replace(/\.\w+$/, '') ?? path;
  return stem.replace(/[_-]+/g, ' ');
}

function offset(seed: string, title: string): number {
  return pick([0, 0.17, 0.34, 0.51, 0.67, 0.84], seed, 'aspect', title);
}

function splitList(text: string, voice: Voice): string[] {
  const joint = voice.join(['\u0000', '\u0000']).replaceAll('\u0000', '').trim();
  return text
    .split(
      new RegExp(
        `\\s*(?:,(?!\\d)|[、;；])\\s*|\\s+${joint}\\s+|(?<=\\p{Script=Han})${joint}(?=\\p{Script=Han})`,
        'u',
      ),
    )
    .map((phrase) => phrase.replace(/[.。]$/, '').trim())
    .filter((phrase) => phrase !== '');
}

function writeInputs({ commission }: Writing): Block[] {
  const { inputs, voice, title } = commission;
  if (inputs.length === 0) return [];
  const lines = inputs
    .slice(0, 6)
    .map((input) => `- ${voice.section.input(input.title, quoteInput(input.text, title))}`);
  return [{ text: `${voice.section.inputs}\n\n${lines.join('\n')}`, spare: 2 }];
}

/** A kind writer keeps within its cap instead of being cut in the middle of a sentence. */
function fit(blocks: readonly Block[], room: number): string {
  let kept = [...blocks];
  const join = () => kept.map((block) => block.text).join('\n\n');
  while (countTokens(join()) > room * 0.95) {
    const spare = Math.max(...kept.map((block) => block.spare));
    if (spare === 0) break;
    kept = kept.filter((block) => block.spare !== spare);
  }
  return join();
}
