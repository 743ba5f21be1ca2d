import { type MeasuredCall, measureCall } from './call-size.ts';
import type { Tries } from './decide-next.ts';
import type { CallOrder } from './dispatch.ts';
import type { DispatchParts } from './dispatch-parts.ts';
import { leftAloneFor, poolLeftAloneFor } from './left-alone.ts';
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
  /** As measured; what is reserved for it; what such calls take on average. */
  measured: MeasuredCall;
  size: MeasuredCall;
  expected: MeasuredCall;
  progress: CallProgress;
  tries: Tries;
  /** Accounts at which the call does not fit at all, or whose keys were revoked. */
  excluded: Set<string>;
  /** Epoch ms by which it must be admitted. */
  admitBy: number;
}

export function createPoolCall(
  parts: Pick<DispatchParts, 'estimates' | 'clock' | 'reached' | 'missedAt'>,
  order: CallOrder,
  { pool, progress }: { pool: Pool; progress: CallProgress },
): PoolCall {
  const { estimates, clock } = parts;
  // A cap above the model's own would be refused by its vendor.
  const maxOutputTokens = Math.min(order.request.maxOutputTokens, pool.info.maxOutputTokens);
  const request = { ...order.request, maxOutputTokens };
  const measured = measureCall(request);
  const call = { tenantId: order.tenantId, model: pool.info.id, size: measured };
  const { cautious, expected } = estimates.estimate(call);
  return {
    order: { ...order, request },
    pool,
    measured,
    size: cautious,
    expected,
    progress,
    tries: { transient: 0, refused: 0 },
    excluded: new Set(listLeftAlone(parts, pool)),
    admitBy: Math.min(
      order.deadlineAt,
      clock.now() + (order.maxWaitMs ?? Number.POSITIVE_INFINITY),
    ),
  };
}

/** Accounts of the pool whose hosts were missed a moment ago, where it has others. */
function listLeftAlone(
  parts: Pick<DispatchParts, 'clock' | 'reached' | 'missedAt'>,
  pool: Pool,
): string[] {
  if (poolLeftAloneFor(parts, pool) > 0) return [];
  const ids = pool.candidates.map(({ accountId }) => accountId);
  return ids.filter((id) => leftAloneFor(parts, id) > 0);
}
