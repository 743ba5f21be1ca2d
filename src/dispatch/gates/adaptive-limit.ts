import type { Clock } from '../../platform/clock.ts';

/**
 * How many calls a pool may have out, found by additive increase and multiplicative decrease (Chiu & Jain
 * 1989): no bound until the provider shows that it is overrun, by time-outs or by saying so.
 */
export interface AdaptiveLimit {
  /** `Infinity`: nothing has shown a bound. */
  limit(): number;
  inFlight(): number;
  enter(): void;
  leave(): void;
  succeeded(): void;
  overrun(): void;
}

const decrease = 0.7;
/** Time-outs of calls that went out together are one sign, ms. */
const signEveryMs = 1000;
/** After so long without a sign, ms, the bound is forgotten: the provider's trouble is over. */
const forgetMs = 300_000;

/** `ceiling`: calls that the accounts together may have out; `Infinity` where no limit says. */
export function createAdaptiveLimit(clock: Clock, ceiling: () => number): AdaptiveLimit {
  let bound = Number.POSITIVE_INFINITY;
  let out = 0;
  let lastSign = Number.NEGATIVE_INFINITY;
  return {
    limit: () => Math.max(1, Math.floor(bound)),
    inFlight: () => out,
    enter() {
      out += 1;
    },
    leave() {
      out -= 1;
    },
    succeeded() {
      if (bound === Number.POSITIVE_INFINITY) return;
      // What is not used proves nothing about more.
      if (out * 2 >= bound) bound += 1 / bound;
      const isOver = clock.now() - lastSign > forgetMs;
      if (isOver || bound >= ceiling()) bound = Number.POSITIVE_INFINITY;
    },
    overrun() {
      if (clock.now() - lastSign < signEveryMs) return;
      lastSign = clock.now();
      bound = Math.max(1, Math.min(bound, out) * decrease);
    },
  };
}
