import { keyPhrases } from '../../mind/language/words.ts';
import { readTag } from '../../mind/read-prompt.ts';
import type { Damage } from '../damage.ts';
import { surround } from '../small-talk.ts';

/** A whole plan in something that no plan should stand in. */
export const wrapPlan = {
  'plan.fenced': ({ text }, draw) => ({
    text: `\`\`\`${draw('language') < 0.5 ? 'json' : 'ndjson'}\n${text}\n\`\`\``,
  }),
  'plan.thinking': ({ text, message }) => ({
    text: `<think>\n${drafts(message)}\n</think>\n\n${text}`,
  }),
  // A chat template that opens the thought by itself leaves only its end in the answer (sglang#6441).
  'plan.unopened_thinking': ({ text, message }) => ({
    text: `${drafts(message)}\n</think>\n\n${text}`,
  }),
  // Where a host's parser misses the tags, the answer stands in the thought (sglang#4539).
  'plan.in_reasoning': ({ text, reasoning }) =>
    reasoning === '' ? undefined : { text: '', reasoning: `${reasoning}\n\n${text}` },
  'plan.prose': ({ text }) => ({ text: surround(text) }),
  'plan.array': ({ text }) => {
    const items = text.split('\n').map((line) => `  ${line}`);
    return { text: `[\n${items.join(',\n')}\n]` };
  },
  'plan.document': ({ text }) => {
    const lines: object[] = text.split('\n').map((line) => JSON.parse(line));
    const tasks = lines.filter((line) => 'id' in line);
    const first = lines.find((line) => 'criteria' in line);
    if (tasks.length === 0) return undefined;
    return { text: JSON.stringify({ ...first, tasks }, null, 2) };
  },
} satisfies Record<string, Damage>;

/** Thoughts try lines out; none of them may be taken for the plan's own. */
function drafts(message: string): string {
  const [topic = 'the brief'] = keyPhrases(readTag(message, 'brief'), 1);
  return `Okay, the user wants a plan about ${topic}. First line the criteria, then the tasks.
Maybe {"id":"t1","title":"Draft of everything","instruction":"Write all of it.","kind":"section","deps":[]} alone? No, that is too coarse.
So several tasks, and {"end":true,"count":N} at the end.`;
}
