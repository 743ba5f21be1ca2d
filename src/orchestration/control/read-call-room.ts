import { type BudgetRow, tokensLeft } from '../advance/bound-speculation.ts';
import type { OrchestrationDeps } from '../deps.ts';
import type { ControlJob } from './control-job.ts';

/** A merge or a judge takes at most this share of what is left in one call: a second order still has to fit. */
const largestCall = 0.4;

/**
 * Tokens that one call of merging or judging may take of the run's budget, its input counted byte by
 * byte as it is reserved; `null`: no budget is set. A shorter look at the result is better than paid
 * work that ends unjudged.
 */
export async function readCallRoom(
  deps: Pick<OrchestrationDeps, 'store' | 'dispatch'>,
  job: Pick<ControlJob, 'claim' | 'settings'>,
): Promise<number | null> {
  const [budget] = await deps.store.transaction('system', (tx) =>
    tx.query<BudgetRow>('SELECT * FROM budgets WHERE run_id = $1', [job.claim.task.runId]),
  );
  const left = budget ? tokensLeft(budget, job.settings, deps.dispatch) : null;
  return left === null ? null : Math.floor(left * largestCall);
}
