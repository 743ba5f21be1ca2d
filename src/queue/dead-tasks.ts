import type { Tx } from '../platform/store/store.ts';
import type { Task } from './task.ts';
import { type TaskRow, taskOfRow } from './task-row.ts';

/** Tasks that ended as dead, newest first, as far as the transaction's scope sees them. */
export async function deadTasks(
  tx: Tx,
  options: { runId?: string; limit?: number } = {},
): Promise<Task[]> {
  const rows = await tx.query<TaskRow>(
    `SELECT t.*, NULL::text AS output FROM tasks t
     WHERE t.status = 'failed' AND (t.failure->>'dead')::boolean AND ($1::text IS NULL OR t.run_id = $1)
     ORDER BY t.finished_at DESC, t.id DESC LIMIT $2`,
    [options.runId ?? null, options.limit ?? 100],
  );
  return rows.map(taskOfRow);
}
