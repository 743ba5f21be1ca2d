import { HeadraceError } from '../platform/errors/headrace-error.ts';
import type { Tx } from '../platform/store/store.ts';

export interface BudgetCost {
  /** `null`: the model has no price. */
  nanoUsd: number | null;
  tokens: number;
  /** It merges or judges: it may take what is kept for that. */
  finishing?: boolean;
}

/**
 * Takes the most that a call can cost from its run's budget, under the row's lock, so that calls at the
 * same time never promise the same money. `held`: it fits once other calls under way are settled. Work
 * leaves what is kept for merging and judging; after each round of judging less of that is still to come.
 * @throws HeadraceError `model_unpriced`, `budget_exhausted`
 */
export async function reserveBudget(
  tx: Tx,
  runId: string,
  cost: BudgetCost,
): Promise<'reserved' | 'held'> {
  const taken = await tx.query(
    `UPDATE budgets SET reserved_nano_usd = reserved_nano_usd + coalesce($2::bigint, 0),
       reserved_tokens = reserved_tokens + $3
     WHERE run_id = $1
       AND (limit_nano_usd IS NULL
         OR spent_nano_usd + reserved_nano_usd + $2::bigint <= limit_nano_usd - ${kept('kept_nano_usd')})
       AND (limit_tokens IS NULL
         OR spent_tokens + reserved_tokens + $3 <= limit_tokens - ${kept('kept_tokens')})
     RETURNING 1 AS taken`,
    [runId, cost.nanoUsd, cost.tokens, cost.finishing === true],
  );
  if (taken.length > 0) return 'reserved';
  const [budget] = await tx.query<BudgetRow>(
    `SELECT limit_nano_usd - ${kept('kept_nano_usd', '$2')} AS limit_nano_usd,
       limit_tokens - ${kept('kept_tokens', '$2')} AS limit_tokens, spent_nano_usd, spent_tokens,
       ${kept('kept_nano_usd', '$2')} AS kept_nano_usd, ${kept('kept_tokens', '$2')} AS kept_tokens
     FROM budgets WHERE run_id = $1`,
    [runId, cost.finishing === true],
  );
  // A run without a budget row has no budget.
  if (!budget) return 'reserved';
  if (budget.limit_nano_usd !== null && cost.nanoUsd === null)
    throw new HeadraceError('model_unpriced');
  const fitsMoney =
    budget.limit_nano_usd === null ||
    budget.spent_nano_usd + (cost.nanoUsd ?? 0) <= budget.limit_nano_usd;
  const fitsTokens =
    budget.limit_tokens === null || budget.spent_tokens + cost.tokens <= budget.limit_tokens;
  if (fitsMoney && fitsTokens) return 'held';
  throw new HeadraceError('budget_exhausted', { message: explain(budget, cost, fitsMoney) });
}

/** What a call has to leave of the budget unless the parameter says that it finishes the run; it is SQL. */
function kept(column: 'kept_nano_usd' | 'kept_tokens', finishing = '$4'): string {
  return `(CASE WHEN ${finishing}::boolean THEN 0
    ELSE ${column} / (1 + (SELECT rounds FROM runs WHERE id = budgets.run_id)) END)`;
}

interface BudgetRow {
  limit_nano_usd: number | null;
  limit_tokens: number | null;
  spent_nano_usd: number;
  spent_tokens: number;
  /** What this call has to leave. */
  kept_nano_usd: number;
  kept_tokens: number;
}

function explain(budget: BudgetRow, cost: BudgetCost, fitsMoney: boolean): string {
  if (!fitsMoney) {
    const left = (budget.limit_nano_usd ?? 0) - budget.spent_nano_usd;
    const kept = budget.kept_nano_usd > 0 ? `${usd(budget.kept_nano_usd)} USD` : null;
    return `The next call can cost up to ${usd(cost.nanoUsd ?? 0)} USD, and ${usd(Math.max(0, left))} USD of the budget are left${beside(kept)}.`;
  }
  const left = (budget.limit_tokens ?? 0) - budget.spent_tokens;
  const kept = budget.kept_tokens > 0 ? `${budget.kept_tokens} tokens` : null;
  return `The next call can take up to ${cost.tokens} tokens, and ${Math.max(0, left)} tokens of the budget are left${beside(kept)}.`;
}

function beside(kept: string | null): string {
  return kept === null ? '' : ` beside the ${kept} that are kept for what must follow`;
}

function usd(nano: number): string {
  return (nano / 1e9).toFixed(nano < 10_000_000 ? 6 : 4);
}
