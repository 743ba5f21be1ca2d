import type { Tx } from '../platform/store/store.ts';

export interface BudgetSettlement {
  /** What the call had reserved; zero where its reservation was already given back. */
  reservedNanoUsd: number;
  reservedTokens: number;
  /** What it cost; less what was already counted as spent, where a late word corrects it. */
  spentNanoUsd: number;
  spentTokens: number;
}

/** Gives back what a call reserved and counts what it cost, in one step. */
export async function settleBudget(tx: Tx, runId: string, move: BudgetSettlement): Promise<void> {
  await tx.query(
    `UPDATE budgets SET reserved_nano_usd = reserved_nano_usd - $2, reserved_tokens = reserved_tokens - $3,
       spent_nano_usd = spent_nano_usd + $4, spent_tokens = spent_tokens + $5
     WHERE run_id = $1`,
    [runId, move.reservedNanoUsd, move.reservedTokens, move.spentNanoUsd, move.spentTokens],
  );
}
