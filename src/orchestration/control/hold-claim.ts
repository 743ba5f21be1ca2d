import type { Tx } from '../../platform/store/store.ts';
import { type Claim, lockClaim } from '../../queue/index.ts';

/** Thrown inside a transaction to undo it: the claim is another's by now. */
export class ClaimLost extends Error {
  override readonly name = 'ClaimLost';
}

/**
 * Begins a transaction under a claim: the run first, as every advance locks it, then the claimed task, and
 * only then what the transaction writes. Throws `ClaimLost`.
 */
export async function holdClaim(tx: Tx, claim: Claim): Promise<void> {
  await tx.query('SELECT 1 FROM runs WHERE id = $1 FOR NO KEY UPDATE', [claim.task.runId]);
  if (!(await lockClaim(tx, claim))) throw new ClaimLost();
}
