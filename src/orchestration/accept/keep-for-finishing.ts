import type { Dispatch } from '../../dispatch/index.ts';
import type { LeastAnswer } from '../budget/least-answer.ts';
import { dearestNanoUsd } from '../budget/plannable-tokens.ts';
import type { RunSettings } from '../documents.ts';
import { controlMaxTokens } from '../machine/control-task.ts';

export interface KeptBudget {
  nanoUsd: number;
  tokens: number;
}

/** A budget that is too small for everything still leaves most of itself to the work. */
const largestShare = 0.4;

export const nothingKept: KeptBudget = { nanoUsd: 0, tokens: 0 };

const noAnswer: LeastAnswer = { tokens: 0, nanoUsd: 0, model: null };

/**
 * What of a run's budget only merging and judging may take, so that work that was paid for is not lost
 * for want of its last calls: their output twice (they read about as much as they write), for the first
 * time and for one rework, at the dearest price of the run's models. Until there is a plan `least` is kept
 * beside it: clarifying and planning must leave one short answer, whatever becomes of the plan.
 */
export function keepForFinishing(
  settings: RunSettings,
  dispatch: Pick<Dispatch, 'models'>,
  least = noAnswer,
): KeptBudget {
  const tokens = 2 * reservedTokens(settings);
  const { budget } = settings;
  return {
    tokens: keep(budget.tokens, tokens, least.tokens),
    nanoUsd: keep(
      budget.usd === null ? null : Math.round(budget.usd * 1e9),
      tokens * dearestNanoUsd(settings, dispatch),
      least.nanoUsd ?? 0,
    ),
  };
}

function keep(limit: number | null, finishing: number, least: number): number {
  if (limit === null) return 0;
  return Math.floor(least + Math.max(0, Math.min(finishing, limit * largestShare, limit - least)));
}

/** Output tokens that are kept for merging, judging and one rework of both. */
export function reservedTokens(settings: Pick<RunSettings, 'rework'>): number {
  const finishing = controlMaxTokens.merge + controlMaxTokens.judge;
  return finishing * (1 + Math.min(1, settings.rework));
}
