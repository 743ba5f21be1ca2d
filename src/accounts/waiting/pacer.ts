import type { Ask, Limiter } from '../limiter.ts';
import { createPace } from './pace.ts';
import { readPoolRates } from './pool-rates.ts';
import type { Waiter } from './waiter.ts';

/**
 * Spreads a pool's calls over the minute once half of its windows is used: a minute that is spent in its
 * first seconds leaves nothing for an urgent call in the others, and does so again every minute.
 */
export interface Pacer {
  /** Milliseconds until the next call may go, after those that are about to. */
  waitMs(before?: readonly Waiter[]): number;
  /** Somebody asks, and may have to wait. */
  came(waiter: Waiter): void;
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
/** Where urgent calls came within this, ms, room is kept for the next before anybody had to wait. */
const urgentForMs = 60_000;
/** What nobody could use is made up for within this, ms. */
const catchUpMs = 2000;
/** Limits change seldom, and reading them costs as much as some admissions, ms. */
const readEveryMs = 1000;

export function createPacer({ limiter, now }: { limiter: Limiter; now: () => number }): Pacer {
  let readAt = Number.NEGATIVE_INFINITY;
  let spreads = false;
  let refusedAt = Number.NEGATIVE_INFINITY;
  let urgentAt = Number.NEGATIVE_INFINITY;
  // As in GCRA: the time at which the calls so far have used up what was allowed.
  let nextAt = Number.NEGATIVE_INFINITY;
  const tokens = createPace(now);
  const calls = createPace(now);

  function read({ candidates }: Ask): void {
    if (Math.abs(now() - readAt) < readEveryMs) return;
    readAt = now();
    const rates = readPoolRates(limiter.gauges(), candidates);
    tokens.read(rates.tokens);
    calls.read(rates.calls);
  }

  /** Somebody had to wait, or an urgent call soon would: what is asked for outruns what comes back. */
  function isContended(): boolean {
    if (now() - refusedAt < contendedMs) return true;
    return now() - urgentAt < urgentForMs && (tokens.isOutrun() || calls.isOutrun());
  }

  /** How much of the pool's time a call uses up, ms. */
  function stepOf({ asked, tokens: taken }: Waiter): number {
    read(asked.ask);
    return Math.max(tokens.msFor(taken), calls.msFor(1));
  }

  return {
    waitMs(before = []) {
      if (!spreads) return 0;
      if (before.length === 0) return Math.max(0, nextAt - now());
      const steps = before.reduce((sum, waiter) => sum + stepOf(waiter), 0);
      return Math.max(0, Math.max(nextAt, now() - catchUpMs) + steps - now());
    },
    came({ asked, tokens: asks }) {
      if (asked.lane === 'priority') urgentAt = now();
      tokens.ask(asks);
      calls.ask(1);
    },
    took(waiter, headroom) {
      const stepMs = stepOf(waiter);
      tokens.take(waiter.tokens);
      calls.take(1);
      spreads = headroom < spreadBelow && isContended();
      // What went before calls were spread is in the outlook already: nobody need wait for it, too.
      nextAt = spreads ? Math.max(nextAt, now() - catchUpMs) + stepMs : now();
    },
    refused() {
      refusedAt = now();
    },
    tokensPerMs(ask) {
      read(ask);
      return tokens.perMs();
    },
  };
}
