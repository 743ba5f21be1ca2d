import { nextMidnight } from '../next-midnight.ts';
import type { Meter } from './meter.ts';

/** For daily quotas that start anew at the vendor's own midnight. */
export function createDayMeter(zone: string, guardMs: () => number): Meter {
  let today = 0;
  // Calls sent around midnight count in both days, for the vendor's clock may see them in either.
  let tomorrow = 0;
  let resetAt = 0;

  function roll(now: number): void {
    if (resetAt === 0) resetAt = nextMidnight(now, zone);
    if (now < resetAt + guardMs()) return;
    today = now < nextMidnight(resetAt, zone) + guardMs() ? tomorrow : 0;
    tomorrow = 0;
    resetAt = nextMidnight(now, zone);
  }

  function add(at: number, amount: number): void {
    today += amount;
    if (at >= resetAt - guardMs()) tomorrow += amount;
  }

  return {
    used(now) {
      roll(now);
      return today;
    },
    waitFor(now, cost, limit) {
      roll(now);
      if (cost > limit) return Number.POSITIVE_INFINITY;
      return today + cost <= limit ? 0 : resetAt + guardMs() - now;
    },
    refillsIn(now) {
      roll(now);
      return today > 0 ? resetAt + guardMs() - now : 0;
    },
    take(now, cost) {
      roll(now);
      add(now, cost);
    },
    settle({ at, cost, now }, actual) {
      roll(now);
      const sameDay = nextMidnight(at, zone) === resetAt;
      if (sameDay) add(at, actual - cost);
    },
    count(_at, amount, now) {
      roll(now);
      add(now, amount);
    },
    restore(at, amount, now) {
      roll(now);
      if (nextMidnight(at, zone) === resetAt) add(at, amount);
    },
    mostUsed(_from, _to, now) {
      roll(now);
      return today;
    },
    entries(now) {
      roll(now);
      return today > 0 ? [[now, today]] : [];
    },
  };
}
