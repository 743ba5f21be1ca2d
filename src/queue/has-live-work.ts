import type { Tx } from '../platform/store/store.ts';

/** Whether somebody holds or is about to take work of this run (assigned or running tasks). */
export async function hasLiveWork(tx: Tx, runId: string): Promise<boolean> {
  const [row] = await tx.query<{ live: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM tasks WHERE run_id = $1 AND status IN ('assigned', 'running')) AS live`,
    [runId],
  );
  return row?.live ?? false;
}
