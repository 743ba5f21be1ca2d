import { leaseMs, type QueueDeps } from './queue-deps.ts';
import type { Claim } from './task.ts';

/** Extends the leases of one process in one statement; answers the fencing tokens of those that still hold. */
export async function renewLeases(
  deps: QueueDeps,
  claims: readonly Claim[],
): Promise<ReadonlySet<number>> {
  if (claims.length === 0) return new Set();
  const rows = await deps.store.transaction('system', (tx) =>
    tx.query<{ token: number }>(
      // Locked in the order in which others lock a run's tasks: two orders would be a deadlock.
      `WITH held AS (
         SELECT t.id FROM tasks t
         JOIN unnest($1::text[], $2::bigint[]) AS claimed(id, token)
           ON t.id = claimed.id AND t.fencing_token = claimed.token
         WHERE t.status = 'running' ORDER BY t.run_id, t.ordinal FOR NO KEY UPDATE OF t)
       UPDATE tasks t SET lease_until = headrace_now() + $3 * interval '1 millisecond'
       FROM held WHERE t.id = held.id
       RETURNING t.fencing_token AS token`,
      [claims.map((claim) => claim.task.id), claims.map((claim) => claim.fencingToken), leaseMs],
    ),
  );
  return new Set(rows.map((row) => row.token));
}
