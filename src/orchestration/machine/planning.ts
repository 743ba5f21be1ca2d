import type { Draft } from './draft.ts';
import { endRun } from './ending.ts';
import { settleWork } from './settle-work.ts';
import { currentWork, findingOf, isEnded, isWork, latest } from './task-groups.ts';

/** While the plan streams, accepted tasks begin early; its end opens the run, or waits for approval. */
export function growPlan(draft: Draft): void {
  const task = latest(draft, 'plan');
  const early = draft.run.settings.approve === 'auto';
  if (!task || !isEnded(task)) {
    if (early) settleWork(draft, startable(draft));
    return;
  }
  const planned = currentWork(draft);
  if (planned.length === 0) {
    endRun(
      draft,
      'failed',
      draft.run.failure ??
        task.failure ?? { code: 'plan_invalid', message: 'The plan has no task.' },
    );
    return;
  }
  if (task.status !== 'succeeded' && draft.run.failure === null) {
    draft.patch({
      failure: {
        code: task.failure?.code ?? 'plan_invalid',
        message: `The plan broke off after ${planned.length} tasks: ${task.failure?.message ?? 'no reason known'}`,
      },
    });
  }
  draft.patch({ planComplete: true });
  draft.record('plan.completed', {
    tasks: planned.length,
    broken_off: task.status !== 'succeeded',
    note: findingOf(task, 'plan')?.note ?? null,
    single: findingOf(task, 'plan')?.single ?? null,
  });
  draft.moveTo(early ? 'running' : 'awaiting_approval');
}

/** Output tokens that may still begin before the plan is complete. */
function startable(draft: Draft): number {
  if (draft.speculation === null) return Number.POSITIVE_INFINITY;
  let begun = 0;
  for (const task of draft.tasks.values()) {
    if (isWork(task) && task.status !== 'pending' && task.kind !== 'panel') begun += task.maxTokens;
  }
  return draft.speculation - begun;
}
