import { appendEvents } from '../../platform/store/append-events.ts';
import type { NewEvent, Tx } from '../../platform/store/store.ts';
import { completeTask, type TaskAnswer } from '../../queue/index.ts';
import type { OrchestrationDeps } from '../deps.ts';
import type { ControlJob } from './control-job.ts';
import { ClaimLost, holdClaim } from './hold-claim.ts';

export interface ControlAnswer extends TaskAnswer {
  /** Recorded with the answer. */
  events?: NewEvent[];
}

/**
 * Ends a control task together with what it stores beside its answer: both or neither, and nothing
 * where the claim is stale. Answers whether it was accepted.
 */
export async function completeControlTask(
  deps: Pick<OrchestrationDeps, 'store'>,
  job: ControlJob,
  answer: (tx: Tx) => Promise<ControlAnswer>,
): Promise<boolean> {
  const { runId } = job.claim.task;
  try {
    await deps.store.transaction('system', async (tx) => {
      await holdClaim(tx, job.claim);
      const { events = [], ...given } = await answer(tx);
      const written = await completeTask(tx, job.claim, given);
      await appendEvents(tx, runId, [...events, ...written.events]);
    });
  } catch (error) {
    if (error instanceof ClaimLost) return false;
    throw error;
  }
  deps.store.notify('advance', runId);
  deps.store.notify('run', runId);
  return true;
}
