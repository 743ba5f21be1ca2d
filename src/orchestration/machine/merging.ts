import { isPlainMerge, plainMergeKey, storeControlTask } from './control-task.ts';
import type { Draft } from './draft.ts';
import { endRun, endWithBest } from './ending.ts';
import { isCut, nameTimeOut, noteCut } from './note-cut.ts';
import { currentWork, findingOf, isEnded, latest } from './task-groups.ts';
import { mergeEndsAt } from './time-limits.ts';

/** Nothing of the plan is left to do, and some of it succeeded. */
export function beginMerge(draft: Draft): void {
  if (draft.now >= mergeEndsAt(draft.run))
    mergePlainly(draft, explainMiss(draft, 'deadline_passed'));
  else storeControlTask(draft, 'merge', { dependsOn: mergeable(draft) });
  draft.moveTo('merging');
}

/** Step ⑰ ended: its result goes to the judge. */
export function takeMerge(draft: Draft): void {
  const task = latest(draft, 'merge');
  if (!task || !isEnded(task)) return;
  const finding = findingOf(task, 'merge');
  if (task.status !== 'succeeded' || !finding) {
    const reason = task.failure?.message ?? 'no reason known';
    const code = task.failure?.code ?? 'internal';
    if (!isPlainMerge(task)) mergePlainly(draft, explainMiss(draft, code, reason));
    else if (draft.run.verdict) endWithBest(draft);
    else endRun(draft, 'failed', { code, message: `The answers could not be merged: ${reason}` });
    return;
  }
  const { route, used, rejected, bytes, repeated = false } = finding;
  draft.record('answers.merged', { route, used, rejected, bytes, repeated }, task.id);
  // Rework that says the same again is not judged again: the best result is already known.
  if (repeated && draft.run.verdict) {
    endWithBest(draft);
    return;
  }
  storeControlTask(draft, 'judge', { dependsOn: [{ id: task.id, uses: '' }] });
  draft.moveTo('judging');
}

/** Time is over for a merge that asks a model. */
export function cutMerge(draft: Draft): void {
  const merge = latest(draft, 'merge');
  if (!merge || isEnded(merge) || isPlainMerge(merge)) return;
  draft.cancel(merge, 'The time for merging has passed.');
  mergePlainly(draft, explainMiss(draft, 'deadline_passed'));
}

function explainMiss(draft: Draft, code: string, reason = ''): { code: string; message: string } {
  const messages: Record<string, string> = {
    deadline_passed: `${nameTimeOut(draft)} left no time for a model to merge the answers.`,
    budget_exhausted: `The budget did not cover a model that merges the answers. ${reason}`,
  };
  return { code, message: messages[code] ?? `No model merged the answers: ${reason}` };
}

/**
 * The answers are put one after the other without a model: what was answered is not thrown away because a
 * merger did not answer.
 */
function mergePlainly(draft: Draft, why: { code: string; message: string }): void {
  storeControlTask(draft, 'merge', {
    key: plainMergeKey,
    instruction: why.message,
    dependsOn: mergeable(draft),
  });
  const { code, message } = why;
  if (isCut(code)) noteCut(draft, { code, message });
}

function mergeable(draft: Draft) {
  return currentWork(draft).map((task) => ({ id: task.id, uses: '' }));
}
