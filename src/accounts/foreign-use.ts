import type { LimitDimension } from '../platform/config/config.ts';
import type { Gauge } from './limiter.ts';

/** Somebody else's part of what is used of a limit. */
export interface ForeignUse {
  modelClass: string;
  dimension: LimitDimension;
  /** 0 to 1, of what was used in the last minute, as far as answers show it. */
  share: number;
}

/** Less than this of a limit is no trouble to anybody, whatever its part of the use. */
const leastOfLimit = 0.01;

/** From this share on people are told, and until it has sunk to the other: between them lies chance. */
export const foreignUseBounds = { begins: 0.2, ends: 0.1 };

export function foreignShare({ foreign, used, limit }: Gauge): number {
  if (limit === null || foreign < limit * leastOfLimit || used <= 0) return 0;
  return Math.min(1, foreign / used);
}

/** The limit of which others take the largest part; `null` where no answer shows anybody. */
export function worstForeignUse(gauges: readonly Gauge[]): ForeignUse | null {
  let worst: ForeignUse | null = null;
  for (const gauge of gauges) {
    const share = foreignShare(gauge);
    if (share > (worst?.share ?? 0)) {
      worst = { modelClass: gauge.modelClass, dimension: gauge.dimension, share };
    }
  }
  return worst;
}
