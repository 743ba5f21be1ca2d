import type { Lane } from '../platform/lanes.ts';

/** Shares of the slots that lanes get while all of them have work. */
export const laneWeights: Record<Lane, number> = { priority: 6, standard: 3, batch: 1 };

/** A task that waits this long weighs as much as one that is one weight more urgent, in ms. */
export const ageingStepMs = 30_000;
