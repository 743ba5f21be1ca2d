import { appendEvents } from '../platform/store/append-events.ts';
import { completeTask, type TaskAnswer } from './complete-task.ts';
import type { QueueDeps } from './queue-deps.ts';
import type { Claim } from './task.ts';

/** Step ⑯. Ends a claimed task with its answer and wakes the orchestrator; refused where the claim is stale. */
export async function recordAnswer(
  deps: QueueDeps,
  claim: Claim,
  answer: TaskAnswer,
): Promise<{ accepted: boolean }> {
  const accepted = await deps.store.transaction('system', async (tx) => {
    const written = await completeTask(tx, claim, answer);
    if (written.accepted) await appendEvents(tx, claim.task.runId, written.events);
    return written.accepted;
  });
  if (accepted) {
    deps.store.notify('advance', claim.task.runId);
    deps.store.notify('run', claim.task.runId);
  }
  return { accepted };
}
