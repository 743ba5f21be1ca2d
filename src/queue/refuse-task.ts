import type { Tx } from '../platform/store/store.ts';
import type { FencedWrite } from './complete-task.ts';
import { markFailed } from './fail-task.ts';
import type { TaskFailure } from './task.ts';

/** Ends a ready task that nobody will ever be able to take; refused where it is not ready any more. */
export async function refuseTask(
  tx: Tx,
  taskId: string,
  failure: TaskFailure,
): Promise<FencedWrite> {
  const rows = await tx.query(
    `SELECT 1 FROM tasks WHERE id = $1 AND status = 'ready' FOR NO KEY UPDATE`,
    [taskId],
  );
  if (rows.length === 0) return { accepted: false, events: [] };
  return { accepted: true, events: await markFailed(tx, taskId, failure) };
}
