import type { Ask, Limiter } from '../limiter.ts';
import { type PoolRates, readPoolRates } from './pool-rates.ts';
import type { Waiter } from './waiter.ts';

/**
 * Spreads a pool's calls over the minute once half of its windows is used: a minute that is spent in its
 * first seconds leaves nothing for an urgent call in the others, and does so again every minute.
 */
export interface Pacer {
  /** Milliseconds until the next call may go, after those that are about to. */
  waitMs(before?: readonly Waiter[]): number;
  took(waiter: Waiter, headroom: number): void;
  /** Somebody had to wait: there is more demand than room. */
  refused(): void;
  /** Tokens that the pool's limits let through per ms; `null` while they are unknown. */
  tokensPerMs(ask: Ask): number | null;
}

/** Below this share left at the best account calls are spread. */
const spreadBelow = 0.5;
/** A pool counts as contended for this long after somebody had to wait for room, ms. */
const contendedMs = 60_000;
/** What nobody could use is made up for within this, ms. */
const catchUpMs = 2000;
/** Limits change seldom, and reading them costs as much as some admissions, ms. */
const readEveryMs = 1000;

export function createPacer({ limiter, now }: { limiter: Limiter; now: () => number }): Pacer {
  let rates: PoolRates = { tokens: null, calls: null };
  let readAt = Number.NEGATIVE_INFINITY;
  let spreads = false;
  let refusedAt = Number.NEGATIVE_INFINITY;
  // As in GCRA: the time at which the calls so far have used up what was allowed.
  let nextAt = Number.NEGATIVE_INFINITY;

  function read({ candidates }: Ask): PoolRates {
    if (Math.abs(now() - readAt) < readEveryMs) return rates;
    readAt = now();
    rates = readPoolRates(limiter.gauges(), candidates);
    return rates;
  }

  /** How much of the pool's time a call uses up, ms. */
  function stepOf({ asked, tokens: taken }: Waiter): number {
    const { tokens, calls } = read(asked.ask);
    const byTokens = tokens === null ? 0 : taken / tokens;
    const byCalls = calls === null ? 0 : 1 / calls;
    return Math.max(byTokens, byCalls);
  }

  return {
    waitMs(before = []) {
      if (!spreads) return 0;
      if (before.length === 0) return Math.max(0, nextAt - now());
      const steps = before.reduce((sum, waiter) => sum + stepOf(waiter), 0);
      return Math.max(0, Math.max(nextAt, now() - catchUpMs) + steps - now());
    },
    took(waiter, headroom) {
      spreads = headroom < spreadBelow && now() - refusedAt < contendedMs;
      nextAt = Math.max(nextAt, now() - catchUpMs) + stepOf(waiter);
    },
    refused() {
      refusedAt = now();
    },
    tokensPerMs: (ask) => read(ask).tokens,
  };
}
