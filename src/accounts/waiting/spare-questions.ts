import { type LimitDimension, limitDimensions } from '../../platform/config/config.ts';
import type { Ask, Limiter } from '../limiter.ts';
import { watchTightness } from './tight-dimensions.ts';
import { createToldWaits, type ToldWaits } from './told-waits.ts';

/** How a line asks a limiter as seldom as it can; one in process costs nothing to ask. */
export interface Sparing extends ToldWaits {
  /** So many calls are asked for at once. */
  readonly groupSize: number;
  /** Those that decide which calls fit where others do not. */
  dimensionsOf(ask: Ask): readonly LimitDimension[];
}

/** Where each question is a round trip: about what frees from turn to turn. */
const askedAtOnce = 8;

const needless: Sparing = {
  groupSize: 1,
  dimensionsOf: () => limitDimensions,
  recall: () => null,
  listen: () => () => undefined,
  forget: () => undefined,
};

export function spareQuestions(deps: { limiter: Limiter; now: () => number }): Sparing {
  if (deps.limiter.flags.exactView) return needless;
  const dimensionsOf = watchTightness(deps);
  return { ...createToldWaits(deps.now), groupSize: askedAtOnce, dimensionsOf };
}
