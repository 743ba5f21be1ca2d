import type { QueueDeps } from './queue-deps.ts';
import type { Claim } from './task.ts';

/**
 * The fencing tokens of claims that still hold: neither cancelled, nor lapsed and given to another, which
 * may be this very process. Reads only.
 */
export async function heldClaims(
  deps: QueueDeps,
  claims: readonly Claim[],
): Promise<ReadonlySet<number>> {
  if (claims.length === 0) return new Set();
  const rows = await deps.store.transaction('system', (tx) =>
    tx.query<{ token: number }>(
      `SELECT t.fencing_token AS token FROM tasks t
       JOIN unnest($1::text[], $2::bigint[]) AS held(id, token)
         ON t.id = held.id AND t.fencing_token = held.token
       JOIN runs r ON r.id = t.run_id
       WHERE t.status = 'running' AND r.status <> 'cancelled'`,
      [claims.map((claim) => claim.task.id), claims.map((claim) => claim.fencingToken)],
    ),
  );
  return new Set(rows.map((row) => row.token));
}
