import { cutText } from './cut-text.ts';

export interface StructuredCut {
  /** Which part is needed, in words. */
  uses: string;
  limitBytes: number;
}

interface Block {
  /** Its first line, where that is a heading. */
  heading: string | null;
  text: string;
}

/** A shorter piece of a block says less than its heading does. */
const leastPiece = 400;
const separator = '\n\n';

/**
 * A text that fits into `limitBytes` of UTF-8: its sections that speak of what is used stay whole first,
 * the others in reading order; of what finds no room the heading stays, with how much is left out. Text
 * without sections keeps its beginning.
 */
export function cutByStructure(text: string, cut: StructuredCut): string {
  const { limitBytes } = cut;
  if (Buffer.byteLength(text) <= limitBytes) return text;
  const blocks = splitBlocks(text);
  const shown = blocks.map(stubOf);
  let used = Buffer.byteLength(shown.join(separator));
  if (blocks.length < 2 || used > limitBytes) return cutText(text, limitBytes);
  for (const index of rankBlocks(blocks, cut.uses)) {
    const stub = shown[index] ?? '';
    const room = limitBytes - used + Buffer.byteLength(stub);
    const whole = blocks[index]?.text ?? '';
    const fits = Buffer.byteLength(whole) <= room;
    if (!fits && room < leastPiece) continue;
    const kept = fits ? whole : cutText(whole, room);
    shown[index] = kept;
    used += Buffer.byteLength(kept) - Buffer.byteLength(stub);
  }
  return shown.join(separator);
}

function splitBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let lines: string[] = [];
  let fenced = false;
  const close = () => {
    const body = lines.join('\n').trim();
    const [first = ''] = body.split('\n');
    if (body !== '') blocks.push({ heading: isHeading(first) ? first : null, text: body });
    lines = [];
  };
  for (const line of text.split('\n')) {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    if (!fenced && isHeading(line)) close();
    lines.push(line);
  }
  close();
  return blocks;
}

function isHeading(line: string): boolean {
  return /^#{1,6}\s/.test(line);
}

function stubOf({ heading, text }: Block): string {
  const marker = `[… ${text.length - (heading?.length ?? 0)} characters left out …]`;
  return heading === null ? marker : `${heading}\n\n${marker}`;
}

/** Indexes, those that hold most of the words of what is used first; a heading counts three times. */
function rankBlocks(blocks: readonly Block[], uses: string): number[] {
  const words = wordsOf(uses);
  const score = ({ heading, text }: Block) => {
    const title = heading?.toLowerCase() ?? '';
    const body = text.toLowerCase();
    return words.reduce(
      (sum, word) => sum + (title.includes(word) ? 3 : 0) + (body.includes(word) ? 1 : 0),
      0,
    );
  };
  return blocks
    .map((block, index) => ({ index, score: score(block) }))
    .sort((one, other) => other.score - one.score || one.index - other.index)
    .map(({ index }) => index);
}

/** Words of three letters or more, and pairs of neighbouring signs in a script without spaces. */
function wordsOf(text: string): string[] {
  const lower = text.toLowerCase();
  const words = lower.match(/[\p{Script=Latin}\p{M}\p{N}]{3,}/gu) ?? [];
  const pairs = (lower.match(/\p{Script=Han}+/gu) ?? []).flatMap((run) =>
    Array.from({ length: run.length - 1 }, (_, index) => run.slice(index, index + 2)),
  );
  return [...new Set([...words, ...pairs])];
}
