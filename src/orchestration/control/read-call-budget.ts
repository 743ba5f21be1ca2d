import type { CallBudget } from '../../results/index.ts';
import type { BudgetRow } from '../advance/bound-speculation.ts';
import type { OrchestrationDeps } from '../deps.ts';
import type { ControlJob } from './control-job.ts';

/** A merge or a judge takes at most this share of what is left in one call: a second order still has to fit. */
const largestCall = 0.4;

/**
 * What one call of merging or judging may take of the run's budget; `null`: no budget is set. A shorter
 * look at the result is better than paid work that ends unjudged.
 */
export async function readCallBudget(
  deps: Pick<OrchestrationDeps, 'store'>,
  job: Pick<ControlJob, 'claim'>,
): Promise<CallBudget | null> {
  const [budget] = await deps.store.transaction('system', (tx) =>
    tx.query<BudgetRow>('SELECT * FROM budgets WHERE run_id = $1', [job.claim.task.runId]),
  );
  if (!budget) return null;
  return {
    tokens: shareLeft(budget.limit_tokens, budget.reserved_tokens, budget.spent_tokens),
    nanoUsd: shareLeft(budget.limit_nano_usd, budget.reserved_nano_usd, budget.spent_nano_usd),
  };
}

function shareLeft(limit: number | null, reserved: number | null, spent: number | null) {
  if (limit === null) return null;
  return Math.floor(Math.max(0, limit - (reserved ?? 0) - (spent ?? 0)) * largestCall);
}
