import type { LimitDimension } from '../../platform/config/config.ts';
import type { Ask } from '../limiter.ts';

/** Calls that cannot fit where a smaller one was just refused, so that they are not asked about. */
export interface RefusedCosts {
  readonly count: number;
  /** The shortest of their waits, ms. */
  readonly earliestMs: number | null;
  add(ask: Ask, waitMs: number): void;
  covers(ask: Ask): boolean;
}

/** `dimensionsOf`: those that decide which calls fit where others do not. */
export function createRefusedCosts(
  dimensionsOf: (ask: Ask) => readonly LimitDimension[],
): RefusedCosts {
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
    covers: (ask) => {
      const dimensions = refused.length === 0 ? [] : dimensionsOf(ask);
      return refused.some((smaller) => isAsLarge(ask, smaller, { dimensions, share: 1 }));
    },
  };
}

/** Whether this one needs at least such a share of what the other does, from the same accounts. */
export function isAsLarge(
  ask: Ask,
  other: Ask,
  { dimensions, share }: { dimensions: readonly LimitDimension[]; share: number },
): boolean {
  return (
    ask.candidates === other.candidates &&
    (ask.leave ?? 0) >= (other.leave ?? 0) &&
    dimensions.every((each) => (ask.cost[each] ?? 0) >= (other.cost[each] ?? 0) * share)
  );
}
