import { limitDimensions } from '../../platform/config/config.ts';
import type { Ask } from '../limiter.ts';

/** Calls that cannot fit where a smaller one was just refused, so that they are not asked about. */
export interface RefusedCosts {
  readonly count: number;
  /** The shortest of their waits, ms. */
  readonly earliestMs: number | null;
  add(ask: Ask, waitMs: number): void;
  covers(ask: Ask): boolean;
}

export function createRefusedCosts(): RefusedCosts {
  const refused: Ask[] = [];
  let earliestMs: number | null = null;
  return {
    get count() {
      return refused.length;
    },
    get earliestMs() {
      return earliestMs;
    },
    add(ask, waitMs) {
      refused.push(ask);
      earliestMs = Math.min(earliestMs ?? waitMs, waitMs);
    },
    covers: (ask) => refused.some((smaller) => isCovered(ask, smaller)),
  };
}

/** Where the smaller one was refused, this one would be too. */
export function isCovered(ask: Ask, smaller: Ask): boolean {
  return (
    ask.candidates === smaller.candidates &&
    (ask.leave ?? 0) >= (smaller.leave ?? 0) &&
    limitDimensions.every((each) => (ask.cost[each] ?? 0) >= (smaller.cost[each] ?? 0))
  );
}
