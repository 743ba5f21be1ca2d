import type { NewEvent, Tx } from '../platform/store/store.ts';
import type { NewTask } from './task.ts';

/**
 * Stores tasks of a run in the given order. Takes the lock of the run's counters for their ordinals,
 * so it belongs near the end of its transaction: after every other task was changed, before the events.
 */
export async function storeTasks(
  tx: Tx,
  run: { runId: string; tenantId: string },
  tasks: readonly NewTask[],
): Promise<{ events: NewEvent[] }> {
  if (tasks.length === 0) return { events: [] };
  await tx.query(
    `WITH counter AS (
       UPDATE run_counters SET last_task = last_task + $3 WHERE run_id = $1
       RETURNING last_task - $3 AS base)
     INSERT INTO tasks (id, tenant_id, run_id, ordinal, key, kind, title, instruction, depends_on,
       required, acceptance, rework, artifact_path, output_schema, max_tokens, models, member_of,
       lane, critical_path, status, supersedes, ready_at)
     SELECT n.id, $2, $1, counter.base + n.position, n.key, n.kind, n.title, n.instruction, n.depends_on,
       n.required, n.acceptance, n.rework, n.artifact_path, n.output_schema, n.max_tokens, n.models, n.member_of,
       n.lane, n.critical_path, n.status, n.supersedes,
       CASE n.status WHEN 'ready' THEN headrace_now() END
     FROM counter, jsonb_to_recordset($4::jsonb) AS n(position int, id text, key text, kind text,
       title text, instruction text, depends_on jsonb, required boolean, acceptance jsonb, rework jsonb,
       artifact_path text, output_schema jsonb, max_tokens int, models jsonb, member_of text, lane text,
       critical_path bigint, status text, supersedes text)
     ORDER BY n.position`,
    [run.runId, run.tenantId, tasks.length, JSON.stringify(tasks.map(rowOf))],
  );
  return { events: tasks.map(storedEvent) };
}

function rowOf(task: NewTask, index: number) {
  return {
    position: index + 1,
    id: task.id,
    key: task.key,
    kind: task.kind,
    title: task.title,
    instruction: task.instruction,
    depends_on: task.dependsOn,
    required: task.required,
    acceptance: task.acceptance,
    rework: task.rework,
    artifact_path: task.artifactPath,
    output_schema: task.outputSchema,
    max_tokens: task.maxTokens,
    models: task.models,
    member_of: task.memberOf,
    lane: task.lane,
    critical_path: Math.round(task.criticalPath),
    status: task.status,
    supersedes: task.supersedes,
  };
}

function storedEvent(task: NewTask): NewEvent {
  return {
    type: 'task.stored',
    taskId: task.id,
    data: {
      key: task.key,
      title: task.title,
      kind: task.kind,
      lane: task.lane,
      depends_on: task.dependsOn.map((dependency) => dependency.id),
      models: task.models,
      status: task.status,
    },
  };
}
