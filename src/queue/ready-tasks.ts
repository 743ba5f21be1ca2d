import type { Tx } from '../platform/store/store.ts';
import { ageingStepMs, laneWeights } from './lane-weights.ts';
import { controlKinds, type ReadyTask } from './task.ts';
import { type TaskRow, taskOfRow } from './task-row.ts';

/**
 * Work that a balancer may assign now, best first: by lane weight and age (in steps, so that inside
 * a step the longest chain of dependants decides), then by critical path, then by age.
 */
export async function readyTasks(tx: Tx, options: { limit?: number } = {}): Promise<ReadyTask[]> {
  const rows = await tx.query<TaskRow & { blocked_providers: string[] }>(
    `SELECT t.*, NULL::text AS output, clock.blocked AS blocked_providers
     FROM tasks t
     JOIN runs r ON r.id = t.run_id AND r.status <> 'paused' AND r.finished_at IS NULL
     CROSS JOIN (SELECT headrace_now() AS now) n
     CROSS JOIN LATERAL (
       SELECT coalesce(array_agg(e.key) FILTER (WHERE e.value::timestamptz > n.now), '{}') AS blocked
       FROM jsonb_each_text(t.not_before) e) clock
     WHERE t.status = 'ready' AND t.kind <> ALL($1::text[]) AND '*' <> ALL(clock.blocked)
     ORDER BY floor(coalesce(($2::jsonb->>t.lane)::float8, 1)
         + extract(epoch FROM n.now - t.ready_at) * 1000 / $3) DESC,
       t.critical_path DESC, t.ready_at, t.ordinal, t.id
     LIMIT $4`,
    [controlKinds, JSON.stringify(laneWeights), ageingStepMs, options.limit ?? 200],
  );
  return rows.map((row) => ({ ...taskOfRow(row), blockedProviders: row.blocked_providers }));
}
