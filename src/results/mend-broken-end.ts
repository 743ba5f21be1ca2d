import { splitSentences } from './spans.ts';
import { type Block, joinBlocks, splitBlocks } from './split-blocks.ts';

const ends = /[.!?…。！？;；"'”’)\]）】`*_]$/;

/** A text that stops in the middle, without its last half sentence, item or row; whole where nothing else would be left. */
export function mendBrokenEnd(text: string): string {
  const blocks = splitBlocks(text);
  const last = blocks.pop();
  if (!last || last.kind === 'code' || (last.kind !== 'heading' && ends.test(last.text)))
    return text;
  const mended = mendBlock(last);
  if (mended !== '') blocks.push({ ...last, text: mended });
  // A heading or a lead-in with nothing behind it leads nowhere.
  while (blocks.length > 1 && leadsOn(blocks.at(-1))) blocks.pop();
  return blocks.length === 0 ? text : joinBlocks(blocks);
}

function mendBlock({ kind, text }: Block): string {
  if (kind === 'heading') return '';
  if (kind !== 'prose') return text.split('\n').slice(0, -1).join('\n').trimEnd();
  const whole = splitSentences(text).filter(({ start, end }) => ends.test(text.slice(start, end)));
  return text.slice(0, whole.at(-1)?.end ?? 0);
}

function leadsOn(block: Block | undefined): boolean {
  return block !== undefined && (block.kind === 'heading' || /[:：]$/.test(block.text));
}
