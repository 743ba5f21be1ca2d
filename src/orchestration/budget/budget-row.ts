export interface BudgetRow {
  limit_nano_usd: number | null;
  limit_tokens: number | null;
  reserved_nano_usd: number | null;
  reserved_tokens: number | null;
  spent_nano_usd: number | null;
  spent_tokens: number | null;
  /** Of the limit what only merging and judging may take. */
  kept_nano_usd: number | null;
  kept_tokens: number | null;
}

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
