import type { ModelInfo } from '../../dispatch/index.ts';
import type { Payable } from './budget-row.ts';

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
