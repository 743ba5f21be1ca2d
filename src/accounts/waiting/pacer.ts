import type { Ask, Limiter } from '../limiter.ts';
import { type PoolRates, readPoolRates } from './pool-rates.ts';
import type { Waiter } from './waiter.ts';

/**
 * Spreads a pool's calls over the minute once half of its windows is used: a minute that is spent in its
 * first seconds leaves nothing for an urgent call in the others, and does so again every minute.
 */
export interface Pacer {
  /** Milliseconds until the next call may go. */
  waitMs(): number;
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

  return {
    waitMs: () => (spreads ? Math.max(0, nextAt - now()) : 0),
    took({ asked, tokens: taken }, headroom) {
      spreads = headroom < spreadBelow && now() - refusedAt < contendedMs;
      const { tokens, calls } = read(asked.ask);
      const byTokens = tokens === null ? 0 : taken / tokens;
      const byCalls = calls === null ? 0 : 1 / calls;
      nextAt = Math.max(nextAt, now() - catchUpMs) + Math.max(byTokens, byCalls);
    },
    refused() {
      refusedAt = now();
    },
    tokensPerMs: (ask) => read(ask).tokens,
  };
}
