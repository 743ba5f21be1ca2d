import type { Tx } from '../platform/store/store.ts';
import { leaseMs } from './queue-deps.ts';

// Nobody knows what an abandoned call cost. It is taken at what was reserved for it, so that the ledger
// never shows less than the provider may bill; budgets move by the same amounts in the same statement.
const asReserved = `SET outcome = 'unknown', finished_at = headrace_now(),
    input_tokens = reserved_input_tokens, output_tokens = reserved_output_tokens,
    cost_nano_usd = reserved_nano_usd`;
const toBudgets = `spent AS (
    UPDATE budgets b SET
      reserved_nano_usd = b.reserved_nano_usd - c.nano_usd, spent_nano_usd = b.spent_nano_usd + c.nano_usd,
      reserved_tokens = b.reserved_tokens - c.tokens, spent_tokens = b.spent_tokens + c.tokens
    FROM (SELECT run_id, sum(coalesce(reserved_nano_usd, 0)) AS nano_usd,
                 sum(reserved_input_tokens + reserved_output_tokens) AS tokens
          FROM closed WHERE run_id IS NOT NULL GROUP BY run_id) c
    WHERE b.run_id = c.run_id)
  SELECT id, reserved_input_tokens AS input_tokens, reserved_output_tokens AS output_tokens,
    reserved_nano_usd / 1e9::float8 AS cost_usd
  FROM closed ORDER BY id`;

/** An attempt whose end nobody saw, with the whole of what was reserved for it. */
export interface ClosedAttempt {
  id: string;
  input_tokens: number;
  output_tokens: number;
  cost_usd: number | null;
}

/** Closes the open attempts of a task made under this fencing token or an older one. */
export async function closeAttempts(
  tx: Tx,
  taskId: string,
  fencingToken: number,
): Promise<ClosedAttempt[]> {
  return await tx.query<ClosedAttempt>(
    `WITH closed AS (
       UPDATE attempts ${asReserved}
       WHERE task_id = $1 AND fencing_token <= $2 AND outcome IS NULL
       RETURNING id, run_id, reserved_nano_usd, reserved_input_tokens, reserved_output_tokens),
     ${toBudgets}`,
    [taskId, fencingToken],
  );
}

/** An attempt whose task went on without it. */
export interface OrphanedAttempt {
  id: string;
  task_id: string;
  run_id: string;
}

/** Open attempts whose task was cancelled, handed back or ended, and whose worker had a whole lease to settle them. */
export function findOrphanedAttempts(tx: Tx, limit: number): Promise<OrphanedAttempt[]> {
  return tx.query<OrphanedAttempt>(
    `SELECT a.id, a.task_id, a.run_id
     FROM attempts a JOIN tasks t ON t.id = a.task_id
     WHERE a.outcome IS NULL AND a.started_at < headrace_now() - $1 * interval '1 millisecond'
       AND NOT (t.status = 'running' AND t.fencing_token = a.fencing_token)
       AND coalesce(t.lease_until, t.finished_at + $1 * interval '1 millisecond', a.started_at) < headrace_now()
     ORDER BY a.id LIMIT $2`,
    [leaseMs, limit],
  );
}

/** Closes one attempt; `undefined` where it was settled meanwhile. */
export async function closeOrphanedAttempt(
  tx: Tx,
  attemptId: string,
): Promise<ClosedAttempt | undefined> {
  const [closed] = await tx.query<ClosedAttempt>(
    `WITH closed AS (
       UPDATE attempts ${asReserved}
       WHERE id = $1 AND outcome IS NULL
       RETURNING id, run_id, reserved_nano_usd, reserved_input_tokens, reserved_output_tokens),
     ${toBudgets}`,
    [attemptId],
  );
  return closed;
}
