import type { RunFailure } from '../documents.ts';
import type { Draft } from './draft.ts';
import { isEnded } from './task-groups.ts';

/** Ends the run; whatever has not ended yet is cancelled with it. */
export function endRun(
  draft: Draft,
  status: 'succeeded' | 'failed' | 'cancelled',
  failure: RunFailure | null,
): void {
  cancelOpen(draft, `The run has ${status === 'cancelled' ? 'been cancelled' : 'ended'}.`);
  // A task's failure says more than a run's may hold.
  const why = failure && { code: failure.code, message: failure.message };
  draft.patch({ finishedAt: draft.now, pausedFrom: null, ...(why ? { failure: why } : {}) });
  draft.moveTo(status);
  draft.record(`run.${status}`, why ?? { decision: draft.run.verdict?.decision ?? null });
}

/** Ends with the best result that was judged. */
export function endWithBest(draft: Draft): void {
  endRun(draft, 'succeeded', null);
}

function cancelOpen(draft: Draft, reason: string): void {
  for (const task of draft.tasks.values()) {
    if (isEnded(task)) continue;
    if (task.status === 'running' || task.status === 'assigned') draft.decision.stopCalls = true;
    draft.settle({ taskId: task.id, status: 'cancelled', reason });
  }
}
