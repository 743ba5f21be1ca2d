import { appendEvents } from '../platform/store/append-events.ts';
import type { NewEvent, Tx } from '../platform/store/store.ts';
import { leaseMs, type QueueDeps } from './queue-deps.ts';
import type { Claim, TaskMessage } from './task.ts';
import { claimOfRow, type TaskRow } from './task-row.ts';

/**
 * Takes the leases on announced tasks of one run and commits. A message that is stale (its task was
 * claimed, withdrawn, ended, or assigned anew under another number) brings no claim.
 */
export async function claimTasks(
  deps: QueueDeps,
  messages: readonly TaskMessage[],
  workerId: string,
): Promise<Claim[]> {
  const [first] = messages;
  if (!first) return [];
  const claims = await deps.store.transaction('system', async (tx) => {
    const claimed = await takeLeases(tx, messages, workerId);
    await appendEvents(tx, first.run_id, claimed.map(claimedEvent));
    return claimed;
  });
  if (claims.length > 0) deps.store.notify('run', first.run_id);
  return claims;
}

async function takeLeases(
  tx: Tx,
  messages: readonly TaskMessage[],
  workerId: string,
): Promise<Claim[]> {
  // The outbox rows go in the same statement: once claimed, no carrier needs to announce them again.
  // Locked in the order in which others lock a run's tasks: two orders would be a deadlock.
  const rows = await tx.query<TaskRow>(
    `WITH wanted AS (
       SELECT DISTINCT * FROM unnest($1::text[], $2::int[]) AS w(task_id, assignment)),
     spent AS (
       DELETE FROM outbox o USING wanted w WHERE o.task_id = w.task_id AND o.assignment <= w.assignment),
     announced AS (
       SELECT t.id FROM tasks t JOIN wanted w ON w.task_id = t.id AND w.assignment = t.assignment
       WHERE t.status = 'assigned' AND t.run_id = $5 ORDER BY t.ordinal FOR NO KEY UPDATE OF t)
     UPDATE tasks t SET status = 'running', worker_id = $3, fencing_token = nextval('fencing_tokens'),
       lease_until = headrace_now() + $4 * interval '1 millisecond', tries = tries + 1,
       started_at = coalesce(started_at, headrace_now())
     FROM announced WHERE t.id = announced.id
     RETURNING t.*`,
    [
      messages.map((message) => message.task_id),
      messages.map((message) => message.assignment),
      workerId,
      leaseMs,
      messages[0]?.run_id,
    ],
  );
  return rows.map(claimOfRow).sort((one, other) => one.task.ordinal - other.task.ordinal);
}

function claimedEvent({ task, workerId }: Claim): NewEvent {
  return {
    type: 'task.claimed',
    taskId: task.id,
    data: {
      worker: workerId,
      assignment: task.assignment,
      provider: task.assignedProvider,
      model: task.assignedModel,
      try: task.tries,
    },
  };
}
