import type { Verdict } from '../../results/index.ts';
import type { RunFailure } from '../documents.ts';
import type { Draft } from './draft.ts';
import { isCut, noteCut, noteFailure } from './note-cut.ts';
import { isEnded, latest } from './task-groups.ts';

/** Ends the run; whatever has not ended yet is cancelled with it. */
export function endRun(
  draft: Draft,
  status: 'succeeded' | 'failed' | 'cancelled',
  failure: RunFailure | null,
): void {
  const reason = `The run has ${status === 'cancelled' ? 'been cancelled' : 'ended'}.`;
  for (const task of draft.tasks.values()) if (!isEnded(task)) draft.cancel(task, reason);
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

/**
 * What was paid for is delivered though nobody judged it, for want of time, budget or a judge that answers:
 * in part, since nothing claims that it is good.
 */
export function endUnjudged(draft: Draft, { code, message }: RunFailure): void {
  const merge = latest(draft, 'merge');
  const evidence = `Not judged: ${uncapitalize(message)}`;
  const verdict: Verdict = {
    decision: 'partial',
    criteria: [{ text: 'The result was judged.', met: false, evidence }],
  };
  const why = `The result was not judged: ${uncapitalize(message)}`;
  if (isCut(code)) noteCut(draft, { code, message: why });
  else noteFailure(draft, { code, message: why });
  draft.patch({ verdict });
  draft.decision.keepResultOf = merge?.id ?? null;
  draft.record('result.stored', { decision: verdict.decision, judged: false }, merge?.id);
  endWithBest(draft);
}

function uncapitalize(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
