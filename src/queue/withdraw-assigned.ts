import type { NewEvent, Tx } from '../platform/store/store.ts';

/** Takes back what was assigned and not yet claimed (a pause): ready again, its announcement void. */
export async function withdrawAssigned(tx: Tx, runId: string): Promise<{ events: NewEvent[] }> {
  const rows = await tx.query<{ id: string; assigned_provider: string }>(
    `WITH assigned AS (
       -- in the order in which claims lock a run's tasks: two orders would be a deadlock
       SELECT id FROM tasks WHERE run_id = $1 AND status = 'assigned' ORDER BY ordinal FOR NO KEY UPDATE),
     withdrawn AS (
       UPDATE tasks t SET status = 'ready' FROM assigned WHERE t.id = assigned.id
       RETURNING t.id, t.ordinal, t.assigned_provider),
     spent AS (DELETE FROM outbox o USING withdrawn w WHERE o.task_id = w.id)
     SELECT id, assigned_provider FROM withdrawn ORDER BY ordinal`,
    [runId],
  );
  return {
    events: rows.map((row) => ({
      type: 'task.handed_back',
      taskId: row.id,
      data: { provider: row.assigned_provider, wait_ms: 0, cause: 'withdrawn', reason: 'paused' },
    })),
  };
}
