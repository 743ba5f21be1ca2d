import { languageOf } from './language-of.ts';
import { splitSentences } from './spans.ts';
import { type Block, joinBlocks, splitBlocks } from './split-blocks.ts';

/** What the result said so far: a block's normal text, and the title of the section that said it first. */
export type Heard = Map<string, string>;

/** Bytes from which on a block that recurs says nothing new; "None." may stand in every section. */
const shortestRepetition = 80;
/** A sentence or list item of so many bytes is written twice in a row only by a model in a loop. */
const shortestLoop = 40;

/**
 * A section's body without what was said before, in it or in an earlier section. A list or paragraph
 * that recurs goes, and with it the line that leads to it; where that line or a heading says something
 * of its own, it points to where the block stands instead.
 */
export function dropRepetitions(section: { title: string; body: string }, heard: Heard): string {
  const blocks = dropCutRepetition(splitBlocks(section.body).map(dropLoops));
  const kept: Block[] = [];
  const counts = new Map<string, number>();
  for (const [at, block] of blocks.entries()) {
    const key = normal(block.text);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    const first = heard.get(key);
    if (mayStand(block, key, first)) {
      if (first === undefined) heard.set(key, section.title);
      if (!isLoop(blocks, at, count)) kept.push(block);
    } else if (!isLoop(blocks, at, count)) {
      bridge(kept, { ...block, next: blocks[at + 1], first: first ?? '' }, { section, heard });
    }
    rememberPair(heard, blocks[at - 1], block);
  }
  return joinBlocks(kept);
}

function mayStand({ kind }: Block, key: string, first: string | undefined): boolean {
  return kind === 'heading' || first === undefined || Buffer.byteLength(key) < shortestRepetition;
}

/** Twice in a row, or a third time in one section, whatever its length. */
function isLoop(blocks: readonly Block[], at: number, count: number): boolean {
  if (blocks[at]?.kind === 'heading' || count === 1) return false;
  return count > 2 || normal(blocks[at]?.text ?? '') === normal(blocks[at - 1]?.text ?? '');
}

interface Gap extends Block {
  next: Block | undefined;
  /** Title of the section that has the block. */
  first: string;
}

/** What stood before a block that goes must not lead to nothing. */
function bridge(
  kept: Block[],
  gap: Gap,
  { section, heard }: { section: { title: string; body: string }; heard: Heard },
): void {
  const before = kept.at(-1);
  const isLast = gap.next === undefined || gap.next.kind === 'heading';
  const pointer = pointTo(gap.first, section);
  if (before && isLeadIn(before)) {
    if (heard.has(pairOf(before, gap))) kept.pop();
    else before.text += /：$/.test(before.text) ? pointer : ` ${pointer}`;
  }
  const left = kept.at(-1);
  if (isLast && (left === undefined || left.kind === 'heading')) {
    kept.push({ kind: 'prose', text: pointer.charAt(0).toUpperCase() + pointer.slice(1) });
  }
}

function isLeadIn({ kind, text }: Block): boolean {
  return kind === 'prose' && /[:：]$/.test(text);
}

function rememberPair(heard: Heard, before: Block | undefined, block: Block): void {
  if (before && isLeadIn(before)) heard.set(pairOf(before, block), '');
}

function pairOf(before: Block, block: Block): string {
  return `${normal(before.text)}\n${normal(block.text)}`;
}

const pointers = {
  en: { above: 'as above.', to: (title: string) => `as in “${title}”.` },
  vi: { above: 'như trên.', to: (title: string) => `như ở “${title}”.` },
  zh: { above: '同上。', to: (title: string) => `见“${title}”。` },
};

function pointTo(first: string, section: { title: string; body: string }): string {
  const { above, to } = pointers[languageOf(section.body)];
  return first === section.title ? above : to(first);
}

/** Within a list its items, within a paragraph its sentences; tables and code may repeat themselves. */
function dropLoops(block: Block): Block {
  if (block.kind === 'list')
    return { ...block, text: dropTwins(block.text.split('\n')).join('\n') };
  if (block.kind !== 'prose') return block;
  const sentences = splitSentences(block.text);
  const pieces = sentences.map(({ start }, index) =>
    block.text.slice(start, sentences[index + 1]?.start ?? block.text.length),
  );
  return { ...block, text: dropTwins(pieces).join('').trimEnd() };
}

/** Without each piece that says what one before it said. */
function dropTwins(pieces: readonly string[]): string[] {
  const seen = new Set<string>();
  return pieces.filter((piece) => {
    const key = normal(piece);
    const isNew = Buffer.byteLength(key) < shortestLoop || !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** A loop that the output cap ended stops in the middle of what it repeats. */
function dropCutRepetition(blocks: readonly Block[]): Block[] {
  const last = normal(blocks.at(-1)?.text ?? '');
  const isCut =
    last.length > 0 &&
    blocks.slice(0, -1).some(({ text }) => {
      const other = normal(text);
      return other.length > last.length && other.startsWith(last);
    });
  return isCut ? blocks.slice(0, -1) : [...blocks];
}

function normal(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ').trim();
}
