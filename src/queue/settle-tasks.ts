import type { EventType } from '../platform/steps.ts';
import type { NewEvent, Tx } from '../platform/store/store.ts';
import type { TaskChange, TaskStatus } from './task.ts';

// From which states each change may come; any other change finds nothing to do, so a repeated or late
// one is harmless. What ended is never reopened.
const allowedFrom: Record<TaskChange['status'], readonly TaskStatus[]> = {
  ready: ['pending'],
  superseded: ['pending', 'ready', 'assigned', 'succeeded', 'failed'],
  cancelled: ['pending', 'ready', 'assigned', 'running'],
};
const eventOf: Record<TaskChange['status'], EventType> = {
  ready: 'task.ready',
  superseded: 'task.superseded',
  cancelled: 'task.cancelled',
};

interface ChangedRow {
  id: string;
  key: string;
  status: TaskChange['status'];
  reason: string | null;
}

/**
 * The orchestrator's changes to tasks: ready, superseded, cancelled. A running task that is cancelled
 * loses its claim; after the commit `store.notify('cancel', runId)` tells its worker at once.
 */
export async function settleTasks(
  tx: Tx,
  changes: readonly TaskChange[],
): Promise<{ events: NewEvent[] }> {
  if (changes.length === 0) return { events: [] };
  const wanted = changes.map((change, index) => ({
    position: index,
    id: change.taskId,
    status: change.status,
    reason: change.reason ?? null,
    allowed: allowedFrom[change.status],
  }));
  const rows = await tx.query<ChangedRow>(
    `WITH wanted AS (
       SELECT * FROM jsonb_to_recordset($1::jsonb)
         AS w(position int, id text, status text, reason text, allowed jsonb)),
     changed AS (
       UPDATE tasks t SET status = w.status,
         ready_at = CASE w.status WHEN 'ready' THEN headrace_now() ELSE t.ready_at END,
         -- lease_until stays: until it has passed, the worker may still settle its open attempt
         finished_at = CASE w.status WHEN 'ready' THEN NULL ELSE coalesce(t.finished_at, headrace_now()) END
       FROM wanted w WHERE t.id = w.id AND w.allowed ? t.status
       RETURNING t.id, t.key, t.status, w.reason, w.position),
     withdrawn AS (
       DELETE FROM outbox o USING changed c WHERE o.task_id = c.id AND c.status <> 'ready')
     SELECT id, key, status, reason FROM changed ORDER BY position`,
    [JSON.stringify(wanted)],
  );
  return { events: rows.map(changeEvent) };
}

function changeEvent(row: ChangedRow): NewEvent {
  return {
    type: eventOf[row.status],
    taskId: row.id,
    data: row.reason === null ? { key: row.key } : { key: row.key, reason: row.reason },
  };
}
