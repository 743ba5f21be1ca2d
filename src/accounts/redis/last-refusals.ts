import type { Refusal } from '../limiter.ts';

/**
 * The server's last word about each pool: until the time that it named, or until room may have come
 * earlier, it would say the same of the same call. Whoever stands in line asks often, and each answer is a
 * round trip.
 */
export interface LastRefusals {
  /** What the server would say; `null`: it has to be asked. */
  recall(call: RefusedCall): Refusal | null;
  remember(call: RefusedCall, refusal: Refusal): void;
  /** Room may have come, or windows may last shorter. */
  forget(): void;
}

export interface RefusedCall {
  /** The pool, as an object of its own. */
  pool: object;
  cost: readonly number[];
  /** Share of every limit that it leaves free. */
  leave: number;
}

interface Told extends RefusedCall {
  refusal: Extract<Refusal, { kind: 'wait' }>;
  /** Epoch ms by this process's clock. */
  until: number;
}

export function createLastRefusals(now: () => number): LastRefusals {
  let told = new WeakMap<object, Told>();
  return {
    recall({ pool, cost, leave }) {
      const last = told.get(pool);
      if (!last || last.leave !== leave) return null;
      const waitMs = last.until - now();
      const isSame = cost.every((amount, index) => amount === last.cost[index]);
      return isSame && waitMs > 0 ? { ...last.refusal, waitMs } : null;
    },
    remember(call, refusal) {
      // A wait for calls to end has no time of its own.
      if (refusal.kind !== 'wait' || !refusal.exact) return;
      told.set(call.pool, { ...call, refusal, until: now() + refusal.waitMs });
    },
    forget() {
      told = new WeakMap();
    },
  };
}
