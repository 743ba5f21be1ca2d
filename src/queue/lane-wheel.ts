import type { Lane } from '../platform/lanes.ts';
import { laneWeights } from './lane-weights.ts';

/** Says which lane comes first at each take, so that lanes share by weight and none starves. */
export interface LaneWheel {
  /** The lanes in the order to try them now. */
  order(lanes: readonly Lane[]): Lane[];
  /** Tells which lane gave a message. */
  served(lane: Lane, lanes: readonly Lane[]): void;
}

/**
 * Smooth weighted round robin (nginx, commit 52327e0627f49dbda1e8db695e63a4b0af4448b1): every take adds
 * its weight to each lane and takes the total from the lane served. An empty lane gathers no credit
 * beyond one turn of the wheel, or it would shut out the others when its work comes.
 */
export function createLaneWheel(): LaneWheel {
  const credit: Record<Lane, number> = { priority: 0, standard: 0, batch: 0 };
  const total = Object.values(laneWeights).reduce((sum, weight) => sum + weight, 0);
  return {
    order: (lanes) =>
      [...lanes].sort(
        (left, right) => credit[right] + laneWeights[right] - credit[left] - laneWeights[left],
      ),
    served(served, lanes) {
      for (const lane of lanes) credit[lane] = Math.min(total, credit[lane] + laneWeights[lane]);
      credit[served] = Math.max(-total, credit[served] - total);
    },
  };
}
