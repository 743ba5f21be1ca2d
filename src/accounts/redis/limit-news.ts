import type { Observation } from '../limiter.ts';

/** Tells whether a vendor stated a limit that this process has not told the server of yet. */
export function createLimitNews(): (observation: Observation) => boolean {
  const told = new Map<string, number>();
  return ({ accountId, modelClass, seen }) => {
    let isNews = false;
    for (const { dimension, limit } of seen) {
      const seat = `${accountId}\n${modelClass}\n${dimension}`;
      if (limit === null || told.get(seat) === limit) continue;
      told.set(seat, limit);
      isNews = true;
    }
    return isNews;
  };
}
