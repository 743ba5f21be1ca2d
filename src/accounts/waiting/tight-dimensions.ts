import { type LimitDimension, limitDimensions } from '../../platform/config/config.ts';
import type { Ask, Gauge, Limiter } from '../limiter.ts';

/** Below this share of a limit it refuses no call but one that is a large part of it. */
const tightFrom = 0.25;
/** Windows fill in seconds, and reading them costs as much as some admissions, ms. */
const readEveryMs = 1000;

/**
 * The dimensions in which calls of a pool may find no room, by the latest picture. In the others they may
 * differ without one of them fitting where another does not.
 */
export function watchTightness({
  limiter,
  now,
}: {
  limiter: Limiter;
  now: () => number;
}): (ask: Ask) => readonly LimitDimension[] {
  let tight = limitDimensions as readonly LimitDimension[];
  let readAt = Number.NEGATIVE_INFINITY;
  return ({ candidates }) => {
    if (Math.abs(now() - readAt) < readEveryMs) return tight;
    readAt = now();
    const classes = new Map(candidates.map(({ accountId, modelClass }) => [accountId, modelClass]));
    const gauges = limiter
      .gauges()
      .filter(({ accountId, modelClass }) => classes.get(accountId) === modelClass);
    const found = limitDimensions.filter((each) => gauges.some((gauge) => isTight(gauge, each)));
    tight = found.length > 0 ? found : limitDimensions;
    return tight;
  };
}

function isTight({ dimension, limit, used }: Gauge, wanted: LimitDimension): boolean {
  return dimension === wanted && limit !== null && used >= limit * tightFrom;
}
