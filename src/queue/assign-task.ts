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
  run_id: string;
  assignment: number;
  lane: Lane;
}

/**
 * Gives a ready task to a provider under a new number and puts its message into the outbox.
 * `null` where it is not ready any more. After the commit: `store.notify('task', provider)`.
 */
export async function assignTask(
  tx: Tx,
  assignment: Assignment,
): Promise<{ runId: string; number: number; events: NewEvent[] } | null> {
  const { taskId, provider, model } = assignment;
  const [row] = await tx.query<AssignedRow>(
    `WITH assigned AS (
       UPDATE tasks SET status = 'assigned', assignment = assignment + 1, assigned_provider = $2,
         assigned_model = $3, assigned_at = headrace_now()
       -- a person may have changed its models since they were read
       WHERE id = $1 AND status = 'ready' AND (models = '[]' OR models ? $3)
       RETURNING id, tenant_id, run_id, assignment, lane),
     announced AS (
       INSERT INTO outbox (tenant_id, task_id, run_id, assignment, provider, lane)
       SELECT tenant_id, id, run_id, assignment, $2, lane FROM assigned)
     SELECT run_id, assignment, lane FROM assigned`,
    [taskId, provider, model],
  );
  if (!row) return null;
  const facts = { assignment: row.assignment, provider, model, lane: row.lane };
  const events: NewEvent[] = [{ type: 'task.assigned', taskId, data: facts }];
  if (!assignment.relayed) events.push(...announcedEvents(taskId, facts));
  return { runId: row.run_id, number: row.assignment, events };
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
