import type { ModelInfo } from '../../dispatch/index.ts';
import type { BudgetRow } from './plannable-tokens.ts';

/** What a budget leaves, each `null` where it sets no bound. */
export interface Payable {
  tokens: number | null;
  nanoUsd: number | null;
}

/** What a call may take that neither merges nor judges. */
export function leftOf(budget: BudgetRow): Payable {
  const left = (limit: number | null, ...taken: (number | null)[]) =>
    limit === null ? null : taken.reduce<number>((rest, each) => rest - (each ?? 0), limit);
  return {
    tokens: left(
      budget.limit_tokens,
      budget.spent_tokens,
      budget.reserved_tokens,
      budget.kept_tokens,
    ),
    nanoUsd: left(
      budget.limit_nano_usd,
      budget.spent_nano_usd,
      budget.reserved_nano_usd,
      budget.kept_nano_usd,
    ),
  };
}

/**
 * Output tokens that a budget still pays beside a prompt of so many bytes; below 0 where it does not
 * even pay the prompt, infinite where it sets no bound. Each byte of input counts as a token.
 */
export function payableOutput(
  left: Payable,
  inputBytes: number,
  price: ModelInfo['dearestUsdPerMillion'],
): number {
  const byTokens = left.tokens === null ? Number.POSITIVE_INFINITY : left.tokens - inputBytes;
  if (left.nanoUsd === null) return byTokens;
  // Refused by the ledger: nobody knows what it would cost.
  if (!price) return Number.NEGATIVE_INFINITY;
  const forOutput = left.nanoUsd - inputBytes * price.input * 1_000;
  // A model that is free of charge is paid by whatever is left.
  const byMoney = price.output > 0 ? forOutput / (price.output * 1_000) : freeOutput(forOutput);
  return Math.min(byTokens, byMoney);
}

function freeOutput(left: number): number {
  return left >= 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}
