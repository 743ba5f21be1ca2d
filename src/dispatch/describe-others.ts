import type { Limiter } from '../accounts/index.ts';
import type { JsonObject } from '../platform/json.ts';
import type { Attempt } from './attempt.ts';

/** An event names this many others: a pool of a hundred accounts would fill the record with one choice. */
const mostNamed = 10;

/** Why the pool's other accounts were not chosen, as the limiter sees them when the call is recorded. */
export function describeOthers(limiter: Limiter, attempt: Attempt): JsonObject[] {
  const { pool, charge, account, order } = attempt;
  const { candidates } = pool;
  return limiter
    .explain({ candidates, cost: charge, expiresAt: order.deadlineAt, affinity: order.affinity })
    .filter(({ accountId }) => accountId !== account.id)
    .slice(0, mostNamed)
    .map(({ accountId, verdict, headroom, waitMs, blockedBy, pausedFor }) => ({
      account: accountId,
      verdict,
      headroom: Math.round(headroom * 1000) / 1000,
      wait_ms: waitMs === null ? null : Math.ceil(waitMs),
      blocked_by: pausedFor ?? blockedBy,
    }));
}
