import type { Tx } from '../../platform/store/store.ts';
import type { Features } from '../../results/index.ts';
import type { OutcomeOwner } from './outcome-owner.ts';

/** Keeps what is known of answers before they are judged. Merging again after rework keeps what was labelled. */
export async function storeOutcomes(
  tx: Tx,
  run: OutcomeOwner & { runId: string },
  answers: readonly { taskId: string; features: Features }[],
): Promise<void> {
  await tx.query(
    `INSERT INTO outcomes (task_id, tenant_id, run_id, simulated, features)
     SELECT a.task_id, $1, $2, $3, a.features
     FROM jsonb_to_recordset($4::jsonb) AS a(task_id text, features jsonb)
     ON CONFLICT (task_id) DO UPDATE SET features = excluded.features WHERE outcomes.passed IS NULL`,
    [
      run.tenantId,
      run.runId,
      run.simulated,
      JSON.stringify(
        answers.map(({ taskId, features }) => ({ task_id: taskId, features: [...features] })),
      ),
    ],
  );
}
