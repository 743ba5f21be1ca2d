import type { Tx } from '../../platform/store/store.ts';
import { graceMs, longestReserveMs, reservedShare } from '../machine/time-limits.ts';

/** Runs with a request to advance, and runs whose time has come (answers due, time-out). */
export async function findAdvanceable(tx: Tx, limit = 100): Promise<string[]> {
  const rows = await tx.query<{ run_id: string }>(
    `SELECT run_id FROM (
       SELECT run_id, min(id) AS place FROM advances GROUP BY run_id
       UNION ALL
       SELECT id, 0 FROM runs r
       WHERE finished_at IS NULL AND status <> 'paused' AND (
         (status = 'awaiting_input' AND answers_due_at <= headrace_now())
         OR (status NOT IN ('merging', 'judging') AND headrace_now() >= deadline_at
           - least((settings->>'timeout_ms')::float8 * $1, $2) * interval '1 millisecond')
         OR headrace_now() >= deadline_at + $3 * interval '1 millisecond')
     ) due GROUP BY run_id ORDER BY min(place) LIMIT $4`,
    [reservedShare, longestReserveMs, graceMs, limit],
  );
  return rows.map((row) => row.run_id);
}
