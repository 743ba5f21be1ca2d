import { cleanFile, cleanProse } from './clean-answer.ts';
import { mendBrokenEnd } from './mend-broken-end.ts';
import type { AnsweredTask } from './results.ts';

/**
 * Step ⑯: the answers as merging may use them. Leftovers of thinking, of prompts and of an outer
 * fence are removed, and half a sentence at an end that the output cap cut off; an answer with
 * nothing left counts as none.
 */
export function collectAnswers(tasks: readonly AnsweredTask[]): AnsweredTask[] {
  return tasks.map((task) => {
    if (task.output === null) return task;
    const output = clean(task, task.output);
    return output === ''
      ? { ...task, output: null, failure: task.failure ?? 'The answer was empty.' }
      : { ...task, output };
  });
}

function clean(task: AnsweredTask, output: string): string {
  if (task.artifactPath) return cleanFile(output);
  const prose = cleanProse(output);
  return task.brokeOff ? mendBrokenEnd(prose) : prose;
}
