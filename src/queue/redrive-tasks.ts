import type { NewEvent, Tx } from '../platform/store/store.ts';

/**
 * Gives the dead tasks of a run's plan a new life, on a person's order: ready again, with tries and refusals
 * at zero. Not the orchestrator's own: the run went on without them, and a planner that woke up would add to
 * what is being merged. The caller makes the run itself live again and cancels nothing that depended on them.
 */
export async function redriveTasks(
  tx: Tx,
  runId: string,
): Promise<{ taskIds: string[]; events: NewEvent[] }> {
  const rows = await tx.query<{ id: string; failure_code: string }>(
    `UPDATE tasks t SET status = 'ready', failure = NULL, tries = 0, refusals = 0, not_before = '{}',
       ready_at = headrace_now(), finished_at = NULL, worker_id = NULL, lease_until = NULL
     FROM (SELECT id, failure->>'code' AS failure_code FROM tasks
           WHERE run_id = $1 AND status = 'failed' AND (failure->>'dead')::boolean
             AND kind IN ('section', 'file', 'research', 'member', 'panel') FOR NO KEY UPDATE) dead
     WHERE t.id = dead.id
     RETURNING t.id, dead.failure_code`,
    [runId],
  );
  return {
    taskIds: rows.map((row) => row.id),
    events: rows.map((row) => ({
      type: 'task.redriven',
      taskId: row.id,
      data: { code: row.failure_code },
    })),
  };
}
