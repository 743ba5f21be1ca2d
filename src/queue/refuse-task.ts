import type { Tx } from '../platform/store/store.ts';
import type { FencedWrite } from './complete-task.ts';
import { markFailed } from './fail-task.ts';
import type { Task, TaskFailure } from './task.ts';

/**
 * Ends a ready task that nobody will ever be able to take; refused where it is not ready any more, or where
 * a person has changed since what makes it impossible.
 */
export async function refuseTask(
  tx: Tx,
  task: Pick<Task, 'id' | 'models' | 'maxTokens' | 'instruction'>,
  failure: TaskFailure,
): Promise<FencedWrite> {
  const rows = await tx.query(
    `SELECT 1 FROM tasks WHERE id = $1 AND status = 'ready'
       AND models = $2 AND max_tokens = $3 AND instruction = $4 FOR NO KEY UPDATE`,
    [task.id, JSON.stringify(task.models), task.maxTokens, task.instruction],
  );
  if (rows.length === 0) return { accepted: false, events: [] };
  return { accepted: true, events: await markFailed(tx, task.id, failure) };
}
