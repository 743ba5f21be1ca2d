import type { Tx } from '../../platform/store/store.ts';
import type { BudgetRow, Payable } from './budget-row.ts';
import type { LeastAnswer } from './least-answer.ts';

/** Planning has its price too: of what it left at least this much is for the work. */
const workShare = 0.6;

/** What is kept for merging and judging once the plan is there, and what that leaves to the work. */
export interface Shares {
  kept: { tokens: number; nanoUsd: number };
  payable: Payable;
}

/** Until then one short answer was kept as well, so that a plan never costs the work that it is for. */
export function shareAfterPlan(budget: BudgetRow, least: LeastAnswer): Shares {
  const tokens = share(budget.limit_tokens, {
    gone: budget.spent_tokens,
    kept: budget.kept_tokens,
    least: least.tokens,
  });
  const nanoUsd = share(budget.limit_nano_usd, {
    gone: budget.spent_nano_usd,
    kept: budget.kept_nano_usd,
    least: least.nanoUsd ?? 0,
  });
  return {
    kept: { tokens: tokens.kept, nanoUsd: nanoUsd.kept },
    payable: { tokens: tokens.payable, nanoUsd: nanoUsd.payable },
  };
}

function share(
  limit: number | null,
  taken: { gone: number | null; kept: number | null; least: number },
): { kept: number; payable: number | null } {
  if (limit === null) return { kept: 0, payable: null };
  const left = limit - (taken.gone ?? 0);
  const finishing = (taken.kept ?? 0) - taken.least;
  const most = Math.min(finishing, left * (1 - workShare), left - taken.least);
  const kept = Math.max(0, Math.floor(most));
  return { kept, payable: left - kept };
}

export async function keepAfterPlan(tx: Tx, runId: string, least: LeastAnswer): Promise<void> {
  const [budget] = await tx.query<BudgetRow>(
    'SELECT * FROM budgets WHERE run_id = $1 FOR NO KEY UPDATE',
    [runId],
  );
  if (!budget) return;
  const { kept } = shareAfterPlan(budget, least);
  await tx.query('UPDATE budgets SET kept_tokens = $2, kept_nano_usd = $3 WHERE run_id = $1', [
    runId,
    kept.tokens,
    kept.nanoUsd,
  ]);
}
