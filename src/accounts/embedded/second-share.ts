import { createSlidingWindow } from './sliding-window.ts';

/**
 * A sixtieth of a minute's limit, where a vendor enforces seconds as well. A call larger than the share
 * goes when nothing else went in that second, or it could never go; the minute's window bounds the sum.
 */
export interface SecondShare {
  waitMs(now: number, cost: number, perMinute: number): number;
  take(now: number, cost: number): void;
  settle(taken: { at: number; cost: number; now: number }, actual: number): void;
}

/**
 * The minute's guard would be half of the period here. Measured with latencies that differ by up to 250 ms: at
 * 40 ms 4.8 % are refused, at 175 ms a sixth of every second is lost (bench/results/limits.md).
 */
const maxGuardMs = 100;

export function createSecondShare(guardMs: () => number): SecondShare {
  const window = createSlidingWindow({ periodMs: 1000, cellMs: 10, guardMs, maxGuardMs });
  return {
    waitMs(now, cost, perMinute) {
      const share = Math.max(1, perMinute / 60);
      return window.waitUntil(now, Math.max(0, share - cost));
    },
    take: (now, cost) => void window.add(now, cost, now),
    settle: ({ at, cost, now }, actual) => void window.add(at, actual - cost, now),
  };
}
