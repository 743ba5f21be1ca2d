import type { Tx } from '../../platform/store/store.ts';

/** Whose answers are compared with each other: a tenant's, the simulated ones apart from the real ones. */
export interface OutcomeOwner {
  tenantId: string;
  simulated: boolean;
}

export async function readOutcomeOwner(tx: Tx, runId: string): Promise<OutcomeOwner> {
  const [run] = await tx.query<{ tenant_id: string; simulated: boolean }>(
    'SELECT tenant_id, simulated FROM runs WHERE id = $1',
    [runId],
  );
  if (!run) throw new Error(`The run of a task is gone: ${runId}`);
  return { tenantId: run.tenant_id, simulated: run.simulated };
}
