import type { NewEvent, Tx } from '../platform/store/store.ts';

/** Takes back what was assigned and not yet claimed (a pause): ready again, its announcement void. */
export async function withdrawAssigned(tx: Tx, runId: string): Promise<{ events: NewEvent[] }> {
  const rows = await tx.query<{ id: string; assigned_provider: string }>(
    `WITH withdrawn AS (
       UPDATE tasks SET status = 'ready' WHERE run_id = $1 AND status = 'assigned'
       RETURNING id, ordinal, assigned_provider),
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
