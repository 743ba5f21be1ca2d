import { appendEvents } from '../platform/store/append-events.ts';
import type { Tx } from '../platform/store/store.ts';
import { laneWeights } from './lane-weights.ts';
import { leaseMs, type QueueDeps } from './queue-deps.ts';
import { type Claim, controlKinds } from './task.ts';
import { claimOfRow, type TaskRow } from './task-row.ts';

/**
 * Takes the lease on the best ready task of the orchestrator's own kinds and commits; `null` where
 * none is ready. Two orchestrators never get the same one.
 */
export async function claimControlTask(deps: QueueDeps, workerId: string): Promise<Claim | null> {
  const claim = await deps.store.transaction('system', (tx) => claimIn(tx, workerId));
  if (claim) deps.store.notify('run', claim.task.runId);
  return claim;
}

async function claimIn(tx: Tx, workerId: string): Promise<Claim | null> {
  const [row] = await tx.query<TaskRow>(
    `UPDATE tasks SET status = 'running', worker_id = $1, fencing_token = nextval('fencing_tokens'),
       lease_until = headrace_now() + $2 * interval '1 millisecond', tries = tries + 1,
       started_at = coalesce(started_at, headrace_now())
     WHERE id = (
       SELECT t.id FROM tasks t
       JOIN runs r ON r.id = t.run_id AND r.status <> 'paused' AND r.finished_at IS NULL
       WHERE t.status = 'ready' AND t.kind = ANY($3::text[])
         AND coalesce((t.not_before->>'*')::timestamptz <= headrace_now(), true)
       ORDER BY ($4::jsonb->>t.lane)::int DESC, t.ready_at, t.id
       LIMIT 1 FOR UPDATE OF t SKIP LOCKED)
     RETURNING *`,
    [workerId, leaseMs, controlKinds, JSON.stringify(laneWeights)],
  );
  if (!row) return null;
  const claim = claimOfRow(row);
  await appendEvents(tx, claim.task.runId, [
    {
      type: 'task.claimed',
      taskId: claim.task.id,
      data: { worker: workerId, kind: claim.task.kind, try: claim.task.tries },
    },
  ]);
  return claim;
}
