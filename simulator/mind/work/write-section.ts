import { pick } from '../../draw.ts';
import { countTokens } from '../../tokens.ts';
import { criterionWords, holdsAll, keyWords } from '../language/words.ts';
import type { Angle, Voice } from '../voice/voice.ts';
import { quoteInput } from './quote-input.ts';
import type { Writing } from './writing.ts';

interface Block {
  text: string;
  /** Left out, the largest number first, where the answer may not be so long. */
  spare: number;
}

/** Heading, label, opening, a paragraph per criterion, what it builds on. */
export function writeSection(writing: Writing): string {
  const { commission, author } = writing;
  const { voice, title } = commission;
  const blocks: Block[] = [
    { text: `## ${title}\n\n${voice.label(author)}`, spare: 0 },
    { text: writeOpening(writing), spare: 1 },
    ...quotedWords(writing),
    ...writeCriteria(writing),
    ...writeInputs(writing),
  ];
  return fit(blocks, writing.room);
}

/** A part of which the brief gives the title alone is not opened by saying the title again. */
function writeOpening({ commission, seed }: Writing): string {
  const { voice, subject, title } = commission;
  const words = (text: string) => keyWords(text).filter((word) => !keyWords(title).includes(word));
  if (words(subject.sentence).length < 2 && subject.sentence.length < title.length + 24) {
    return pick(voice.section.bareOpenings, seed, 'opening', title);
  }
  return pick(voice.section.openings, seed, 'opening', title, subject.sentence)(subject);
}

/** An instruction that quotes several sentences wants them taken up one by one. */
function quotedWords({ commission }: Writing): Block[] {
  const quotes = [...commission.instruction.matchAll(/“([^”]{8,})”/g)].map(([, text = '']) => text);
  if (quotes.length < 2) return [];
  return [{ text: quotes.map((text) => `- ${text}`).join('\n'), spare: 1 }];
}

/** What was sent back is written like the rest: the text is new, and no reader knows of an older one. */
function writeCriteria(writing: Writing): Block[] {
  const { commission, missed } = writing;
  const wanted = commission.criteria.filter((criterion) => criterion !== missed);
  const blocks = wanted.map(
    (criterion): Block => ({ text: writeCriterion(writing, criterion), spare: 0 }),
  );
  for (const criterion of commission.rework) {
    const written = [commission.title, ...blocks.map(({ text }) => text)].join('\n');
    if (holdsAll(written, criterionWords(criterion))) continue;
    blocks.push({ text: writeCriterion(writing, criterion), spare: 0 });
  }
  return blocks;
}

const coverage =
  /^(?:covers?|gives the purpose of|cho biết mục đích của|说明(?=.*用途)|includes?|implements?|defines|涵盖|包括|实现|界定|bao quát|bao gồm|cài đặt|xác định)\s*/i;

/** By the angle that it asks for; its key words stand in the paragraph in any case. */
function writeCriterion(writing: Writing, criterion: string): string {
  const { voice, subject, title } = writing.commission;
  const angle = findAngle(voice, criterion, subject.focus);
  const text = coverage.test(criterion)
    ? writeCoverage(writing, criterion)
    : angle && pick(angle.bodies, writing.seed, 'body', title, criterion)(subject);
  const lacking = criterionWords(criterion).filter((word) => !holdsAll(text ?? '', [word]));
  if (text && lacking.length === 0) return text;
  const named = lacking.map((word) => {
    const at = criterion.toLowerCase().indexOf(word);
    return at < 0 ? word : criterion.slice(at, at + word.length);
  });
  const literal = voice.section.other(named.length > 0 ? voice.join(named) : subject.focus);
  return text ? `${text}\n\n${literal}` : literal;
}

/** The planner's own wording first: a title may hold the word by which another angle is recognised. */
function findAngle(voice: Voice, criterion: string, focus: string): Angle | undefined {
  const angles = [...voice.duties, ...voice.angles];
  const frames = angles.map((angle) => angle.criterion('\u0000').split('\u0000'));
  const exact = frames.findIndex(
    ([head = '', tail = '']) => criterion.startsWith(head) && criterion.endsWith(tail),
  );
  if (exact >= 0) return angles[exact];
  const plain = criterion.toLowerCase().replace(focus.toLowerCase(), '');
  return angles.find(({ pattern }) => pattern.test(plain));
}

function writeCoverage(writing: Writing, criterion: string): string {
  const { voice, title } = writing.commission;
  const phrases = splitList(criterion.replace(coverage, ''), voice);
  const first = Math.floor(voice.section.aspects.length * offset(writing.seed, title));
  const lines = phrases.map((phrase, index) => {
    const aspect = voice.section.aspects[(first + index) % voice.section.aspects.length];
    if (/^\S+[./][a-z]\w*$/i.test(phrase)) {
      return `- \`${phrase}\`: ${voice.section.filePurpose(nameOf(phrase))}`;
    }
    return `- **${phrase}**: ${aspect}`;
  });
  return `${voice.section.covers}\n\n${lines.join('\n')}`;
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
        `\\s*(?:,(?!\\d)|[、;；])\\s*|\\s+${joint}\\s+|(?<=\\p{Script=Han}|\\.\\w{1,5})${joint}(?=\\p{Script=Han}|[\\w.])`,
        'u',
      ),
    )
    .map((phrase) => phrase.replace(/[.。]$|的用途$/, '').trim())
    .filter((phrase) => phrase !== '');
}

/** What other parts say, in their words; an input without a word of its own is not worth a line. */
function writeInputs({ commission }: Writing): Block[] {
  const { inputs, voice, title } = commission;
  const lines = inputs.slice(0, 6).flatMap((input) => {
    const quote = quoteInput(input.text, title, voice);
    const from = voice.section.isNote.test(input.title) ? voice.section.notes : input.title;
    return quote === '' ? [] : [`- ${voice.section.input(from, quote)}`];
  });
  if (lines.length === 0) return [];
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
