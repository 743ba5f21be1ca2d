import { appendEvents } from '../platform/store/append-events.ts';
import { leaseMs, type QueueDeps } from './queue-deps.ts';
import type { Claim, TaskMessage } from './task.ts';
import { claimOfRow, type TaskRow } from './task-row.ts';

/**
 * Takes the lease on an announced task and commits. `null` where the message is stale: the task was
 * claimed, withdrawn, ended, or assigned anew under another number.
 */
export function claimTask(
  deps: QueueDeps,
  message: TaskMessage,
  workerId: string,
): Promise<Claim | null> {
  return deps.store
    .transaction('system', async (tx) => {
      // The outbox rows go in the same statement: once claimed, no carrier needs to announce it again.
      const [row] = await tx.query<TaskRow>(
        `WITH spent AS (DELETE FROM outbox WHERE task_id = $1 AND assignment <= $2)
         UPDATE tasks SET status = 'running', worker_id = $3, fencing_token = nextval('fencing_tokens'),
           lease_until = headrace_now() + $4 * interval '1 millisecond', tries = tries + 1,
           started_at = coalesce(started_at, headrace_now())
         WHERE id = $1 AND status = 'assigned' AND assignment = $2
         RETURNING *`,
        [message.task_id, message.assignment, workerId, leaseMs],
      );
      if (!row) return null;
      const claim = claimOfRow(row);
      await appendEvents(tx, claim.task.runId, [
        {
          type: 'task.claimed',
          taskId: claim.task.id,
          data: {
            worker: workerId,
            assignment: claim.task.assignment,
            provider: claim.task.assignedProvider,
            model: claim.task.assignedModel,
            try: claim.task.tries,
          },
        },
      ]);
      return claim;
    })
    .then((claim) => {
      if (claim) deps.store.notify('run', claim.task.runId);
      return claim;
    });
}
