import { stepOf } from '../steps.ts';
import type { NewEvent, Tx } from './store.ts';

/**
 * Records events of a run. Must be the LAST statement of its transaction: the counter's row lock
 * orders commits, so that whoever reads up to number n has seen everything numbered below n.
 */
export async function appendEvents(
  tx: Tx,
  runId: string,
  events: readonly NewEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event) => ({
    type: event.type,
    step: stepOf(event.type),
    task_id: event.taskId ?? null,
    attempt_id: event.attemptId ?? null,
    data: event.data ?? {},
  }));
  await tx.query(
    `WITH counter AS (
       UPDATE run_counters SET last_event = last_event + $2 WHERE run_id = $1
       RETURNING tenant_id, last_event - $2 AS base)
     INSERT INTO run_events (run_id, number, tenant_id, at, type, step, task_id, attempt_id, data)
     SELECT $1, counter.base + e.ordinal, counter.tenant_id, headrace_now(),
            e.item->>'type', (e.item->>'step')::int, e.item->>'task_id', e.item->>'attempt_id', e.item->'data'
     FROM counter, jsonb_array_elements($3::jsonb) WITH ORDINALITY AS e(item, ordinal)`,
    [runId, events.length, JSON.stringify(rows)],
  );
}
