import { leaseMs, type QueueDeps } from './queue-deps.ts';
import type { Claim } from './task.ts';

/** Extends the leases of one process in one statement; answers the task ids whose claims still hold. */
export async function renewLeases(
  deps: QueueDeps,
  claims: readonly Claim[],
): Promise<ReadonlySet<string>> {
  if (claims.length === 0) return new Set();
  const rows = await deps.store.transaction('system', (tx) =>
    tx.query<{ id: string }>(
      `UPDATE tasks t SET lease_until = headrace_now() + $3 * interval '1 millisecond'
       FROM unnest($1::text[], $2::bigint[]) AS held(id, token)
       WHERE t.id = held.id AND t.fencing_token = held.token AND t.status = 'running'
       RETURNING t.id`,
      [claims.map((claim) => claim.task.id), claims.map((claim) => claim.fencingToken), leaseMs],
    ),
  );
  return new Set(rows.map((row) => row.id));
}
