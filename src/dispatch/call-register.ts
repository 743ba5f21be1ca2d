import { HeadraceError } from '../platform/errors/headrace-error.ts';
import type { CallOrder, CallOutcome } from './dispatch.ts';

/** The calls under way, so that an orderly end leaves none of them unsettled. */
export interface CallRegister {
  run(order: CallOrder, call: (bounded: CallOrder) => Promise<CallOutcome>): Promise<CallOutcome>;
  /** Cuts every call off and resolves when all of them are settled; later ones are refused. */
  end(): Promise<void>;
}

export function createCallRegister(): CallRegister {
  const ending = new AbortController();
  const running = new Set<Promise<CallOutcome>>();
  return {
    async run(order, call) {
      const signal = AbortSignal.any([order.signal, ending.signal]);
      const outcome = call({ ...order, signal });
      running.add(outcome);
      try {
        return await outcome;
      } finally {
        running.delete(outcome);
      }
    },
    async end() {
      ending.abort(
        new HeadraceError('no_capacity', { message: 'Headrace is stopping.', retryAfterMs: 5000 }),
      );
      await Promise.allSettled(running);
    },
  };
}
