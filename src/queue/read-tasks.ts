import type { Tx } from '../platform/store/store.ts';
import type { Task } from './task.ts';
import { type TaskRow, taskOfRow } from './task-row.ts';

export interface ReadOptions {
  /** Whether outputs are read too (the default); without them `output` is `null` everywhere. */
  outputs?: boolean;
}

// An output lies in its row up to the inline limit, and in a payload beyond it.
const withOutput = `SELECT t.*, coalesce(t.output, convert_from(p.content, 'UTF8')) AS output
  FROM tasks t LEFT JOIN payloads p ON p.id = t.output_payload`;
const withoutOutput = 'SELECT t.*, NULL::text AS output FROM tasks t';

/** All tasks of a run in the order in which they were stored. */
export async function readTasks(tx: Tx, runId: string, options: ReadOptions = {}): Promise<Task[]> {
  const rows = await tx.query<TaskRow>(
    `${options.outputs === false ? withoutOutput : withOutput} WHERE t.run_id = $1 ORDER BY t.ordinal`,
    [runId],
  );
  return rows.map(taskOfRow);
}

/** One task with its output, or `null` where the transaction's scope holds none of that id. */
export async function readTask(tx: Tx, taskId: string): Promise<Task | null> {
  const [row] = await tx.query<TaskRow>(`${withOutput} WHERE t.id = $1`, [taskId]);
  return row ? taskOfRow(row) : null;
}

/** Tasks of the given ids with their outputs, in the order in which they were stored. */
export async function readTasksById(tx: Tx, taskIds: readonly string[]): Promise<Task[]> {
  if (taskIds.length === 0) return [];
  const rows = await tx.query<TaskRow>(
    `${withOutput} WHERE t.id = ANY($1::text[]) ORDER BY t.ordinal`,
    [taskIds],
  );
  return rows.map(taskOfRow);
}
