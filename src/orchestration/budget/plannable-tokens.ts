import type { Dispatch } from '../../dispatch/index.ts';
import type { RunSettings } from '../documents.ts';
import { type BudgetRow, leftOf } from './budget-row.ts';

/** Before the plan is complete, at most this share of what is left may be begun. */
const speculativeShare = 0.25;

/** Output tokens that a plan's first tasks may take before the plan is complete; `null`: no budget is set. */
export function boundSpeculation(
  budget: BudgetRow,
  settings: Pick<RunSettings, 'models'>,
  dispatch: Pick<Dispatch, 'models'>,
): number | null {
  const plannable = plannableTokens(budget, settings, dispatch);
  return plannable === null ? null : plannable * speculativeShare;
}

/**
 * Output tokens that a plan may spread over its tasks beside what is kept for merging and judging;
 * `null`: unbounded. Money is turned into tokens at the middle price: most tasks go to cheaper models than
 * the dearest, and what a call may cost is reserved before it in any case.
 */
export function plannableTokens(
  budget: BudgetRow,
  settings: Pick<RunSettings, 'models'>,
  dispatch: Pick<Dispatch, 'models'>,
): number | null {
  const prices = pricesOf(settings, dispatch).sort((one, other) => one - other);
  const middle = Math.max(1, prices[Math.floor(prices.length / 2)] ?? 1);
  const { tokens, nanoUsd } = leftOf(budget);
  const bounds = [tokens, nanoUsd === null ? null : nanoUsd / middle].filter(
    (bound) => bound !== null,
  );
  return bounds.length === 0 ? null : Math.max(0, Math.floor(Math.min(...bounds)));
}

/** USD per million tokens is 1,000 nano-USD per token. */
export function dearestNanoUsd(
  settings: Pick<RunSettings, 'models'>,
  dispatch: Pick<Dispatch, 'models'>,
): number {
  return Math.max(1, ...pricesOf(settings, dispatch));
}

function pricesOf(
  settings: Pick<RunSettings, 'models'>,
  dispatch: Pick<Dispatch, 'models'>,
): number[] {
  return dispatch
    .models()
    .filter((model) => settings.models.length === 0 || settings.models.includes(model.id))
    .map((model) => (model.outputUsdPerMillion ?? 0) * 1_000);
}
