import { limitDimensions } from '../../platform/config/config.ts';

/**
 * What answers showed of others on the account in the last minute, per dimension. In grains, for it is
 * shown and never decided by. One counts from its beginning, so that nothing is shown of others for longer
 * than the windows count it.
 */
export interface ForeignUse {
  count(seen: { index: number; at: number; amount: number }, now: number): void;
  lastMinute(index: number, now: number): number;
}

const grainMs = 5000;
const minuteMs = 60_000;
/** What others take of a day says little of this minute. */
const dayIndex = limitDimensions.indexOf('rpd');

export function createForeignUse(): ForeignUse {
  const grains = limitDimensions.map(() => new Map<number, number>());
  const isOver = (grain: number, now: number) => grain * grainMs < now - minuteMs;
  return {
    count({ index, at, amount }, now) {
      const own = grains[index];
      if (index === dayIndex || !own) return;
      for (const grain of own.keys()) if (isOver(grain, now)) own.delete(grain);
      const grain = Math.floor((at < now - minuteMs ? now : at) / grainMs);
      own.set(grain, (own.get(grain) ?? 0) + amount);
    },
    lastMinute(index, now) {
      let sum = 0;
      for (const [grain, amount] of grains[index] ?? []) if (!isOver(grain, now)) sum += amount;
      return sum;
    },
  };
}
