import type { Lane } from '../platform/lanes.ts';
import { laneWeights } from './lane-weights.ts';

/** Says which lane comes first at each take, so that lanes share by weight and none starves. */
export interface LaneWheel {
  /** The lanes in the order to try them now. */
  order(lanes: readonly Lane[]): Lane[];
  /** Tells which lane of a tried order gave a message: those before it were empty. */
  served(lane: Lane, tried: readonly Lane[]): void;
}

/**
 * Smooth weighted round robin (nginx, commit 52327e0627f49dbda1e8db695e63a4b0af4448b1): at every take
 * each lane gains its weight and the one served pays what all of them gained. An empty lane gains
 * nothing, or it would shut the others out when its work comes.
 */
export function createLaneWheel(): LaneWheel {
  const credit: Record<Lane, number> = { priority: 0, standard: 0, batch: 0 };
  const claimOf = (lane: Lane) => credit[lane] + laneWeights[lane];
  return {
    order: (lanes) => [...lanes].sort((left, right) => claimOf(right) - claimOf(left)),
    served(served, tried) {
      const position = tried.indexOf(served);
      for (const empty of tried.slice(0, position)) credit[empty] = 0;
      for (const lane of tried.slice(position)) {
        credit[lane] += laneWeights[lane];
        credit[served] -= laneWeights[lane];
      }
    },
  };
}
