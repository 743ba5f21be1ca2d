import type { Draft } from './draft.ts';
import { endRun, endWithBest } from './ending.ts';
import { beginMerge } from './merging.ts';
import { settleWork } from './settle-work.ts';
import type { TaskState } from './state.ts';
import { currentWork, findingOf, openWork } from './task-groups.ts';

export function runWork(draft: Draft): void {
  settleWork(draft);
  if (openWork(draft).length === 0) concludeWork(draft);
}

/** Nothing of the plan is left to do: merge what succeeded, or end where nothing did. */
export function concludeWork(draft: Draft): void {
  const work = currentWork(draft);
  const succeeded = work.filter((task) => task.status === 'succeeded');
  if (succeeded.length === 0) {
    if (draft.run.verdict) endWithBest(draft);
    else endRun(draft, 'failed', explainNothing(draft, work));
    return;
  }
  if (draft.run.kind === 'fanout') {
    endFanout(draft, succeeded[0]);
    return;
  }
  beginMerge(draft);
}

/** A fan-out is answered by its panel; nobody asked for a verdict. */
function endFanout(draft: Draft, panel: TaskState | undefined): void {
  if (!panel) return;
  const finding = findingOf(panel, 'panel');
  draft.decision.keepResultOf = panel.id;
  draft.record('answers.merged', { route: finding?.route ?? 'single' }, panel.id);
  draft.record('result.stored', {}, panel.id);
  endRun(draft, 'succeeded', null);
}

function explainNothing(draft: Draft, work: readonly TaskState[]) {
  if (draft.run.failure) return draft.run.failure;
  const members = [...draft.tasks.values()].filter((task) => task.kind === 'member');
  const failed = [...work, ...members].find((task) => task.failure !== null);
  return {
    code: failed?.failure?.code ?? 'upstream_failed',
    message: failed?.failure
      ? `No task succeeded. "${failed.title}": ${failed.failure.message}`
      : 'No task succeeded.',
  };
}
