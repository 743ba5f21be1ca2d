import type { Lane } from '../platform/lanes.ts';
import type { NewEvent, Tx } from '../platform/store/store.ts';

export interface Assignment {
  taskId: string;
  provider: string;
  /** `provider/model`. */
  model: string;
  /** The carrier does not read the outbox: the relay will record that the task was announced. */
  relayed?: boolean;
}

interface AssignedRow {
  id: string;
  run_id: string;
  assignment: number;
  lane: Lane;
}

/** What became of one assignment. */
export interface Assigned {
  runId: string;
  provider: string;
  number: number;
  events: NewEvent[];
}

/**
 * Gives ready tasks of one run to providers, each under a new number, and puts their messages into the
 * outbox in the given order. Without those that are not ready any more, and none of a run that stands
 * still: a pause takes back what is assigned, so nothing may be assigned beside it. After the commit:
 * `store.notify('task', provider)`.
 */
export async function assignTasks(tx: Tx, assignments: readonly Assignment[]): Promise<Assigned[]> {
  if (assignments.length === 0) return [];
  const rows = await tx.query<AssignedRow>(
    `WITH wanted AS (
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY
         AS w(id, provider, model, position)),
     moving AS (
       SELECT r.id FROM runs r
       WHERE r.id IN (SELECT t.run_id FROM tasks t JOIN wanted w ON w.id = t.id)
         AND r.status <> 'paused' AND r.finished_at IS NULL
       FOR SHARE OF r),
     ready AS (
       -- in the order in which others lock a run's tasks: two orders would be a deadlock
       SELECT t.id, w.provider, w.model, w.position FROM tasks t JOIN wanted w ON w.id = t.id
         JOIN moving m ON m.id = t.run_id
       -- a person may have changed its models since they were read
       WHERE t.status = 'ready' AND (t.models = '[]' OR t.models ? w.model)
       ORDER BY t.ordinal FOR NO KEY UPDATE OF t),
     assigned AS (
       UPDATE tasks t SET status = 'assigned', assignment = t.assignment + 1,
         assigned_provider = r.provider, assigned_model = r.model, assigned_at = headrace_now()
       FROM ready r WHERE t.id = r.id
       RETURNING t.id, t.tenant_id, t.run_id, t.assignment, t.lane, r.provider, r.position),
     announced AS (
       INSERT INTO outbox (tenant_id, task_id, run_id, assignment, provider, lane)
       SELECT tenant_id, id, run_id, assignment, provider, lane FROM assigned ORDER BY position)
     SELECT id, run_id, assignment, lane FROM assigned`,
    [
      assignments.map(({ taskId }) => taskId),
      assignments.map(({ provider }) => provider),
      assignments.map(({ model }) => model),
    ],
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return assignments.flatMap((assignment) => {
    const row = byId.get(assignment.taskId);
    return row ? [assignedTask(assignment, row)] : [];
  });
}

function assignedTask(assignment: Assignment, row: AssignedRow): Assigned {
  const { taskId, provider, model } = assignment;
  const facts = { assignment: row.assignment, provider, model, lane: row.lane };
  const events: NewEvent[] = [{ type: 'task.assigned', taskId, data: facts }];
  if (!assignment.relayed) events.push(...announcedEvents(taskId, facts));
  return { runId: row.run_id, provider, number: row.assignment, events };
}

/** Steps ⑨ and ⑩: the message is on its carrier and waits in the queue of its provider and lane. */
export function announcedEvents(
  taskId: string,
  facts: { assignment: number; provider: string; lane: Lane },
): NewEvent[] {
  const { assignment, provider, lane } = facts;
  return [
    { type: 'task.announced', taskId, data: { assignment, provider } },
    { type: 'task.queued', taskId, data: { assignment, provider, lane } },
  ];
}
