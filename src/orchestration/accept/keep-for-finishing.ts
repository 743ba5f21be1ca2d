import type { Dispatch } from '../../dispatch/index.ts';
import { dearestNanoUsd } from '../advance/bound-speculation.ts';
import type { RunSettings } from '../documents.ts';
import { controlMaxTokens } from '../machine/control-task.ts';

export interface KeptBudget {
  nanoUsd: number;
  tokens: number;
}

/** A budget that is too small for everything still leaves most of itself to the work. */
const largestShare = 0.4;

export const nothingKept: KeptBudget = { nanoUsd: 0, tokens: 0 };

/**
 * What of a run's budget only merging and judging may take, so that work that was paid for is not lost
 * for want of its last calls: their output twice (they read about as much as they write), for the first
 * time and for one rework, at the dearest price of the run's models.
 */
export function keepForFinishing(
  settings: RunSettings,
  dispatch: Pick<Dispatch, 'models'>,
): KeptBudget {
  const tokens = 2 * reservedTokens(settings);
  const { budget } = settings;
  return {
    tokens: Math.floor(Math.min(tokens, (budget.tokens ?? 0) * largestShare)),
    nanoUsd: Math.floor(
      Math.min(tokens * dearestNanoUsd(settings, dispatch), (budget.usd ?? 0) * 1e9 * largestShare),
    ),
  };
}

/** Output tokens that are kept for merging, judging and one rework of both. */
export function reservedTokens(settings: Pick<RunSettings, 'rework'>): number {
  const finishing = controlMaxTokens.merge + controlMaxTokens.judge;
  return finishing * (1 + Math.min(1, settings.rework));
}
