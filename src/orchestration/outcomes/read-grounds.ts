import type { Tx } from '../../platform/store/store.ts';
import { calibrate, featureNames, type Grounds, type Label } from '../../results/index.ts';
import type { OutcomeOwner } from './outcome-owner.ts';

/** So many labels back confidence is calibrated: models change, and old labels with them. */
const window = 1_000;

/** The fit of the latest labelled outcomes, `null` while there are too few. */
export async function readGrounds(tx: Tx, owner: OutcomeOwner): Promise<Grounds> {
  const labels = await tx.query<Omit<Label, 'group'> & { run_id: string }>(
    `SELECT features, passed, run_id FROM outcomes
     WHERE tenant_id = $1 AND simulated = $2 AND passed IS NOT NULL AND jsonb_array_length(features) = $3
     ORDER BY labelled_at DESC, task_id LIMIT $4`,
    [owner.tenantId, owner.simulated, featureNames.length, window],
  );
  const calibration = calibrate(labels.map((label) => ({ ...label, group: label.run_id })));
  return { calibration, labels: labels.length };
}
