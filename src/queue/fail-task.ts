import { appendEvents } from '../platform/store/append-events.ts';
import type { NewEvent, Tx } from '../platform/store/store.ts';
import { lockClaim } from './complete-task.ts';
import type { QueueDeps } from './queue-deps.ts';
import type { Claim, TaskFailure } from './task.ts';

/** Ends a claimed task without an answer; refused where the claim is stale. Nothing retries it by itself. */
export async function failTask(
  deps: QueueDeps,
  claim: Claim,
  failure: TaskFailure,
): Promise<{ accepted: boolean }> {
  const accepted = await deps.store.transaction('system', async (tx) => {
    if (!(await lockClaim(tx, claim))) return false;
    const events = await markFailed(tx, claim.task.id, failure);
    await appendEvents(tx, claim.task.runId, events);
    return true;
  });
  if (accepted) {
    deps.store.notify('advance', claim.task.runId);
    deps.store.notify('run', claim.task.runId);
  }
  return { accepted };
}

/** Ends a task that the caller has locked. */
export async function markFailed(
  tx: Tx,
  taskId: string,
  failure: TaskFailure,
): Promise<NewEvent[]> {
  await tx.query(
    `WITH ended AS (
       UPDATE tasks SET status = 'failed', failure = $2, finished_at = headrace_now(), lease_until = NULL
       WHERE id = $1
       RETURNING run_id, tenant_id)
     INSERT INTO advances (run_id, tenant_id) SELECT run_id, tenant_id FROM ended`,
    [taskId, JSON.stringify(failure)],
  );
  return [{ type: 'task.failed', taskId, data: { ...failure } }];
}
