import type { AnsweredTask } from './results.ts';

const thinkBlock = /<think>[\s\S]*?<\/think>/gi;
const strayThinkEnd = /^[\s\S]*?<\/think>/i;
const wholeFence = /^```[\w-]*\n([\s\S]*?)\n?```\s*$/;
/** "Certainly! Here is the section:" in front of the text itself. */
const smallTalk =
  /^(?:certainly|sure|of course|absolutely|great question|here(?:'s| is| are)|chắc chắn rồi|dưới đây là|当然|好的)[^\n]{0,200}[:：!！]\s*\n+/i;
const promptTag =
  /^<\/?(?:brief|files|clarifications|models|plan_so_far|task|acceptance|inputs|input|rework|candidates|candidate|criteria|result|section|format)(?: [^>\n]*)?>\s*$/gim;

/**
 * Step ⑯: the answers as merging may use them. Leftovers of thinking, of prompts and of an outer
 * fence are removed; an answer with nothing left counts as none.
 */
export function collectAnswers(tasks: readonly AnsweredTask[]): AnsweredTask[] {
  return tasks.map((task) => {
    if (task.output === null) return task;
    const output = task.artifactPath ? cleanFile(task.output) : cleanSection(task.output);
    return output === ''
      ? { ...task, output: null, failure: task.failure ?? 'The answer was empty.' }
      : { ...task, output };
  });
}

function cleanSection(text: string): string {
  let cleaned = text.replaceAll('\r\n', '\n').replace(thinkBlock, '');
  // Hosts that lose the opening tag leave the thoughts in front of a lone closing one (sglang#6441).
  if (/<\/think>/i.test(cleaned)) cleaned = cleaned.replace(strayThinkEnd, '');
  cleaned = cleaned.trim().replace(wholeFence, '$1').replace(promptTag, '').trimStart();
  cleaned = cleaned.replace(smallTalk, '');
  return cleaned.replace(/\n{3,}/g, '\n\n').trim();
}

function cleanFile(text: string): string {
  const cleaned = text.replaceAll('\r\n', '\n').replace(thinkBlock, '').trim();
  const fenced = wholeFence.exec(cleaned);
  const content = fenced?.[1] ?? cleaned;
  return content === '' ? '' : `${content.replace(/\s+$/, '')}\n`;
}
