import type { Tx } from './store.ts';

/** Holds a run against its end; whether it still records: after its terminal event nothing may follow. */
export async function lockOpenRun(tx: Tx, runId: string): Promise<boolean> {
  const [run] = await tx.query<{ open: boolean }>(
    'SELECT finished_at IS NULL AS open FROM runs WHERE id = $1 FOR SHARE',
    [runId],
  );
  return run?.open === true;
}
