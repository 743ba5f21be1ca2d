import { createDemand } from './demand.ts';
import { createOutlook } from './outlook.ts';
import type { Measure } from './pool-rates.ts';

/** How fast one measure of a pool, its tokens or its calls, is spent. */
export interface Pace {
  /** What the pool's limits and windows say now. */
  read(measure: Measure | null): void;
  /** What the limits let through on and on, per ms; `null` while they are unknown. */
  perMs(): number | null;
  ask(amount: number): void;
  /** More is asked for, lately, than the pace. */
  isOutrun(): boolean;
  /** How many ms of the pace it takes. */
  msFor(amount: number): number;
  /** It goes out. */
  take(amount: number): void;
}

/**
 * A little faster than what comes back: the limiter refuses what is too much, but what is left over because
 * calls are of uneven sizes would be lost.
 */
const eager = 1.05;
/** Never slower than this part of what the limits let through. */
const slowest = 0.05;
/** Over which what others use less is watched, ms. */
const watchedMs = 5000;

export function createPace(now: () => number): Pace {
  const demand = createDemand(now);
  const outlook = createOutlook(now);
  let known: Measure | null = null;
  let pace = 0;
  let elsewhere: { used: number; at: number; falls: number } | null = null;

  /**
   * What is in the windows and was not spent here: by other processes, before a restart, by strangers. While
   * it shrinks, nobody else takes what comes back of it.
   */
  function fallElsewhere({ used }: Measure): number {
    const before = elsewhere;
    const at = now();
    const there = used - outlook.spent();
    const passed = before ? at - before.at : 0;
    if (!before || passed <= 0) {
      elsewhere = { used: there, at, falls: before?.falls ?? 0 };
      return elsewhere.falls;
    }
    const fall = (before.used - there) / passed;
    const falls = before.falls + (fall - before.falls) * Math.min(1, passed / watchedMs);
    elsewhere = { used: there, at, falls };
    return Math.max(0, falls);
  }

  return {
    read(measure) {
      known = measure;
      if (known) pace = eager * (outlook.rate(known.left) + fallElsewhere(known));
    },
    perMs: () => known?.perMs ?? null,
    ask: demand.add,
    isOutrun: () => known !== null && demand.perMs() > pace,
    msFor: (amount) => (known ? amount / Math.max(pace, known.perMs * slowest) : 0),
    take: outlook.spend,
  };
}
