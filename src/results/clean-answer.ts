import { splitThinking } from '../protocol/index.ts';
import { joinBlocks, splitBlocks } from './split-blocks.ts';
import { unwrapFence } from './unwrap-fence.ts';

/** "Certainly! Here is the section:" in front of the text itself. */
const opening =
  /^(?:(?:certainly|sure|of course|absolutely|great question|chắc chắn rồi)(?=[!,.:\s])|当然|好的)[^\n]{0,200}[:：!！]\s*\n+/i;
const lead = /^(?:here(?:'s| is| are)|dưới đây là)[^\n]{0,200}[:：]\s*\n+(?![-*|\d\n])/i;
/** What a chat ends with; a guide may tell its readers to let somebody know, but not "me" what it should change. */
const closing =
  /^(?=[^\n]{1,300}$)(?:[^\n]*\b(?:let me know if|feel free to ask|i hope this helps|would you like me to|happy to (?:adjust|expand|revise|refine)\b)|hãy cho tôi biết nếu|如果您?需要[^\n]*(?:告诉我|随时)|希望(?:这|以上)[^\n]*对您有帮助)[^\n]*$/i;
const openFence = /^(?:`{3,}|~{3,})(?:markdown|md)?\n/i;
const thinkBlock = /(?<![`'"“\\])<think>[\s\S]*?<\/think>(?![`'"”])/gi;
const promptTag =
  /^<\/?(?:brief|files|clarifications|models|plan_so_far|task|acceptance|inputs|input|rework|candidates|candidate|criteria|result|contradictions|section|format)(?: [^>\n]*)?>\s*$/gim;

/** A section without leftovers of thinking, of prompts, of small talk and of a fence round all of it. */
export function cleanProse(text: string): string {
  let cleaned = splitThinking(restore(text)).text.trim();
  for (let layer = 0; layer < 2; layer += 1) {
    cleaned = unwrap(dropSmallTalk(cleaned.replace(lead, '')));
  }
  const blocks = splitBlocks(cleaned).map((block) =>
    block.kind === 'code'
      ? block
      : { ...block, text: block.text.replace(thinkBlock, '').replace(promptTag, '').trim() },
  );
  return joinBlocks(blocks.filter(({ text }) => text !== ''));
}

/** A file as it is to be written, or empty. Its own tags and fences are its content. */
export function cleanFile(text: string): string {
  let cleaned = splitThinking(restore(text)).text.trim();
  for (let layer = 0; layer < 2; layer += 1) {
    cleaned = unwrapFence(dropSmallTalk(cleaned)) ?? dropSmallTalk(cleaned);
  }
  return cleaned.trim() === '' ? '' : `${cleaned.trimEnd()}\n`;
}

/** Without the mark that `writeTag` puts into closing tags: who was shown `</\u200bbrief>` copies it. */
function restore(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll('</\u200b', '</');
}

function dropSmallTalk(text: string): string {
  const said = text.replace(opening, '');
  const cut = said.trimEnd().lastIndexOf('\n\n');
  const isClosing = cut >= 0 && closing.test(said.slice(cut).trim());
  return (isClosing ? said.slice(0, cut) : said).trim();
}

/** Without the fence round the whole; one that was cut off lacks its end. */
function unwrap(text: string): string {
  const whole = unwrapFence(text);
  if (whole !== undefined) return whole.trim();
  const fences = text.match(/^(?:`{3,}|~{3,})/gm)?.length ?? 0;
  return fences % 2 === 1 ? text.replace(openFence, '').trim() : text;
}
