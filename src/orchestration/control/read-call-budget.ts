import { readKeptCost } from '../../dispatch/index.ts';
import type { CallBudget } from '../../results/index.ts';
import type { BudgetRow } from '../budget/budget-row.ts';
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
  const { id, runId } = job.claim.task;
  const { budget, kept } = await deps.store.transaction('system', async (tx) => {
    const [budget] = await tx.query<BudgetRow>('SELECT * FROM budgets WHERE run_id = $1', [runId]);
    return { budget, kept: await readKeptCost(tx, id) };
  });
  if (!budget) return null;
  // As it was before the task began: with another size it would ask other questions, and pay for them again.
  const tokens = (budget.spent_tokens ?? 0) - kept.tokens;
  const nanoUsd = (budget.spent_nano_usd ?? 0) - kept.nanoUsd;
  return {
    tokens: shareLeft(budget.limit_tokens, budget.reserved_tokens, tokens),
    nanoUsd: shareLeft(budget.limit_nano_usd, budget.reserved_nano_usd, nanoUsd),
  };
}

function shareLeft(limit: number | null, reserved: number | null, spent: number | null) {
  if (limit === null) return null;
  return Math.floor(Math.max(0, limit - (reserved ?? 0) - (spent ?? 0)) * largestCall);
}
