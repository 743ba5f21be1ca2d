import type { Ask, Candidate } from '../limiter.ts';
import type { Waiter } from './waiter.ts';

/**
 * What a shared limiter said last to each call that waits: until then, or until room may have come earlier,
 * it would say the same. Whoever stands in line is looked at often, and each question is a round trip.
 */
export interface ToldWaits {
  /** Milliseconds that it would say; `null`: it has to be asked. */
  recall(waiter: Waiter, ask: Ask): number | null;
  /** To be called before it is asked: what is forgotten meanwhile is not remembered by the answer. */
  listen(): (waiter: Waiter, ask: Ask, waitMs: number) => void;
  /** Room may have come earlier than what was said. */
  forget(): void;
}

interface Told {
  candidates: readonly Candidate[];
  leave: number;
  /** Epoch ms. */
  until: number;
}

export function createToldWaits(now: () => number): ToldWaits {
  let told = new WeakMap<Waiter, Told>();
  return {
    recall(waiter, { candidates, leave = 0 }) {
      const last = told.get(waiter);
      // It may have been said of another choice of accounts, or of a smaller part of them.
      if (!last || last.candidates !== candidates || leave < last.leave) return null;
      const waitMs = last.until - now();
      return waitMs > 0 ? waitMs : null;
    },
    listen() {
      const current = told;
      return (waiter, { candidates, leave = 0 }, waitMs) =>
        void current.set(waiter, { candidates, leave, until: now() + waitMs });
    },
    forget() {
      told = new WeakMap();
    },
  };
}
