import { type MeasuredCall, measureCall } from './call-size.ts';
import type { Tries } from './decide-next.ts';
import type { CallOrder } from './dispatch.ts';
import type { Pool } from './model-directory.ts';

/** What a whole call has come to so far, at this pool and at those before it. */
export interface CallProgress {
  attempts: number;
  /** Accounts to which no connection could be made, as often as that was tried. */
  missed: string[];
}

/** One call at one pool, over all its tries. */
export interface PoolCall {
  order: CallOrder;
  pool: Pool;
  size: MeasuredCall;
  progress: CallProgress;
  tries: Tries;
  /** Accounts at which the call does not fit at all. */
  excluded: Set<string>;
  /** Epoch ms by which it must be admitted. */
  admitBy: number;
}

export function createPoolCall(
  order: CallOrder,
  at: { pool: Pool; progress: CallProgress; now: number },
): PoolCall {
  const { pool, progress, now } = at;
  // A cap above the model's own would be refused by its vendor.
  const maxOutputTokens = Math.min(order.request.maxOutputTokens, pool.info.maxOutputTokens);
  const request = { ...order.request, maxOutputTokens };
  return {
    order: { ...order, request },
    pool,
    size: measureCall(request),
    progress,
    tries: { transient: 0, refused: 0 },
    excluded: new Set(),
    admitBy: Math.min(order.deadlineAt, now + (order.maxWaitMs ?? Number.POSITIVE_INFINITY)),
  };
}
