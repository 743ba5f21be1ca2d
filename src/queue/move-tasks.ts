import type { Tx } from '../platform/store/store.ts';

/**
 * Puts tasks behind all others of their run, in the given order: stored order is topological, and a new input
 * may have been stored after the task that is to read it. The caller holds their rows; then as `storeTasks`.
 */
export async function moveTasks(tx: Tx, runId: string, taskIds: readonly string[]): Promise<void> {
  if (taskIds.length === 0) return;
  await tx.query(
    `WITH counter AS (
       UPDATE run_counters SET last_task = last_task + $3 WHERE run_id = $1
       RETURNING last_task - $3 AS base)
     UPDATE tasks t SET ordinal = counter.base + n.position
     FROM counter, unnest($2::text[]) WITH ORDINALITY AS n(id, position)
     WHERE t.id = n.id AND t.run_id = $1`,
    [runId, taskIds, taskIds.length],
  );
}
