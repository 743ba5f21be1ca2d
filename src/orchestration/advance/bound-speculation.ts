import type { Dispatch } from '../../dispatch/index.ts';
import type { RunSettings } from '../documents.ts';
import { controlMaxTokens } from '../machine/control-task.ts';

export interface BudgetRow {
  limit_nano_usd: number | null;
  limit_tokens: number | null;
  reserved_nano_usd: number | null;
  reserved_tokens: number | null;
  spent_nano_usd: number | null;
  spent_tokens: number | null;
}

/** Before the plan is complete, at most this share of what is left may be begun. */
const speculativeShare = 0.25;

/** Output tokens that are kept for merging, judging and one rework of both. */
export function reservedTokens(settings: Pick<RunSettings, 'rework'>): number {
  const finishing = controlMaxTokens.merge + controlMaxTokens.judge;
  return finishing * (1 + Math.min(1, settings.rework));
}

/**
 * Output tokens that a plan's first tasks may take before the plan is complete; `null`: no budget is
 * set. Money is turned into tokens at the dearest output price among the run's models.
 */
export function boundSpeculation(
  budget: BudgetRow,
  settings: RunSettings,
  dispatch: Pick<Dispatch, 'models'>,
): number | null {
  const left = tokensLeft(budget, settings, dispatch);
  return left === null ? null : Math.max(0, (left - reservedTokens(settings)) * speculativeShare);
}

/** Output tokens that the budget still covers; `null`: unbounded. */
export function tokensLeft(
  budget: BudgetRow,
  settings: Pick<RunSettings, 'models'>,
  dispatch: Pick<Dispatch, 'models'>,
): number | null {
  const bounds: number[] = [];
  if (budget.limit_tokens !== null) {
    bounds.push(budget.limit_tokens - (budget.reserved_tokens ?? 0) - (budget.spent_tokens ?? 0));
  }
  if (budget.limit_nano_usd !== null) {
    const nanoUsd =
      budget.limit_nano_usd - (budget.reserved_nano_usd ?? 0) - (budget.spent_nano_usd ?? 0);
    bounds.push(nanoUsd / dearestNanoUsd(settings, dispatch));
  }
  return bounds.length === 0 ? null : Math.max(0, Math.min(...bounds));
}

/** USD per million tokens is 1,000 nano-USD per token. */
export function dearestNanoUsd(
  settings: Pick<RunSettings, 'models'>,
  dispatch: Pick<Dispatch, 'models'>,
): number {
  const prices = dispatch
    .models()
    .filter((model) => settings.models.length === 0 || settings.models.includes(model.id))
    .map((model) => (model.outputUsdPerMillion ?? 0) * 1_000);
  return Math.max(1, ...prices);
}
