import { storeControlTask } from './control-task.ts';
import type { Draft } from './draft.ts';
import { endRun, endWithBest } from './ending.ts';
import { findingOf, isEnded, latest } from './task-groups.ts';

/** Step ⑰ ended: its result goes to the judge. */
export function takeMerge(draft: Draft): void {
  const task = latest(draft, 'merge');
  if (!task || !isEnded(task)) return;
  const finding = findingOf(task, 'merge');
  if (task.status !== 'succeeded' || !finding) {
    if (draft.run.verdict) endWithBest(draft);
    else {
      endRun(draft, 'failed', {
        code: task.failure?.code ?? 'internal',
        message: `The answers could not be merged: ${task.failure?.message ?? 'no reason known'}`,
      });
    }
    return;
  }
  const { route, used, rejected, bytes, repeated = false } = finding;
  draft.record('answers.merged', { route, used, rejected, bytes, repeated }, task.id);
  // Rework that says the same again is not judged again: the best result is already known.
  if (repeated && draft.run.verdict) {
    endWithBest(draft);
    return;
  }
  storeControlTask(draft, 'judge', [{ id: task.id, uses: '' }]);
  draft.moveTo('judging');
}
