import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import { createId } from '../../platform/ids.ts';
import type { NewEvent, Tx } from '../../platform/store/store.ts';
import { readTasks, type Task } from '../../queue/index.ts';
import type { TaskOverrides } from '../orchestration.ts';
import { currentPlan } from '../plan/current-plan.ts';

export interface PlanCopy {
  fromRun: string;
  toRun: string;
  /** Task ids or planner's keys that run again, with all that depends on them; `all`: everything. */
  again: readonly string[] | 'all';
  overrides: ReadonlyMap<string, TaskOverrides & { models?: string[] }>;
}

/**
 * Copies a run's plan into a new run: what succeeded and is not to run again with its output, the rest
 * as it was planned. Answers the events to append. Throws `not_found` for a task that the run lacks.
 */
export async function copyPlan(tx: Tx, copy: PlanCopy): Promise<NewEvent[]> {
  const tasks = currentPlan(await readTasks(tx, copy.fromRun, { outputs: false }));
  const again = findAffected(tasks, copy);
  const ids = new Map(tasks.map((task) => [task.id, createId('tsk')]));
  const overrides = resolveOverrides(tasks, copy.overrides);
  const rows = tasks.map((task, index) => {
    const override = { ...overrides.get(task.memberOf ?? ''), ...overrides.get(task.id) };
    return {
      from_id: task.id,
      id: ids.get(task.id),
      position: index + 1,
      depends_on: task.dependsOn.map(({ id, uses }) => ({ id: ids.get(id) ?? id, uses })),
      member_of: task.memberOf ? (ids.get(task.memberOf) ?? null) : null,
      instruction: override.instruction ?? null,
      max_tokens: override.maxTokens ?? null,
      models: override.models ?? null,
      copied: !again.has(task.id),
    };
  });
  await tx.query(
    `INSERT INTO tasks (id, tenant_id, run_id, ordinal, key, kind, title, instruction, depends_on,
       required, acceptance, rework, artifact_path, output_schema, max_tokens, models, member_of, lane,
       critical_path, status, output, output_payload, output_meta, started_at, finished_at)
     SELECT m.id, t.tenant_id, r.id, m.position, t.key, t.kind, t.title, coalesce(m.instruction, t.instruction),
       m.depends_on, t.required, t.acceptance, '[]', t.artifact_path, t.output_schema,
       coalesce(m.max_tokens, t.max_tokens), coalesce(m.models, t.models), m.member_of,
       r.settings->>'lane', t.critical_path, CASE WHEN m.copied THEN 'succeeded' ELSE 'pending' END,
       CASE WHEN m.copied THEN t.output END, CASE WHEN m.copied THEN t.output_payload END,
       CASE WHEN m.copied THEN t.output_meta END, CASE WHEN m.copied THEN t.started_at END,
       CASE WHEN m.copied THEN t.finished_at END
     FROM jsonb_to_recordset($2::jsonb) AS m(from_id text, id text, position int, depends_on jsonb,
         member_of text, instruction text, max_tokens int, models jsonb, copied boolean)
       JOIN tasks t ON t.id = m.from_id JOIN runs r ON r.id = $1
     ORDER BY m.position`,
    [copy.toRun, JSON.stringify(rows)],
  );
  await tx.query('UPDATE run_counters SET last_task = $2 WHERE run_id = $1', [
    copy.toRun,
    rows.length,
  ]);
  return tasks.map((task) => ({
    type: 'task.stored',
    taskId: ids.get(task.id),
    data: {
      key: task.key,
      title: task.title,
      kind: task.kind,
      lane: task.lane,
      depends_on: task.dependsOn.map(({ id }) => ids.get(id) ?? id),
      models: task.models,
      status: again.has(task.id) ? 'pending' : 'succeeded',
      copied_from: task.id,
    },
  }));
}

/** What runs again: what is named, what never succeeded, and whatever reads either. */
function findAffected(tasks: readonly Task[], copy: PlanCopy): Set<string> {
  if (copy.again === 'all') return new Set(tasks.map((task) => task.id));
  const affected = new Set([
    ...tasks.filter((task) => task.status !== 'succeeded').map((task) => task.id),
    ...copy.again.map((name) => findTask(tasks, name).id),
    ...[...copy.overrides.keys()].map((name) => findTask(tasks, name).id),
  ]);
  // A panel that runs again asks its members again.
  for (const task of tasks) {
    if (task.memberOf !== null && affected.has(task.memberOf)) affected.add(task.id);
  }
  for (const task of tasks) {
    if (task.dependsOn.some(({ id }) => affected.has(id))) affected.add(task.id);
  }
  return affected;
}

/** By task id. A panel's words go to all of its members, whose models are their own. */
function resolveOverrides(
  tasks: readonly Task[],
  overrides: PlanCopy['overrides'],
): Map<string, TaskOverrides & { models?: string[] }> {
  return new Map(
    [...overrides].map(([name, override]) => {
      const task = findTask(tasks, name);
      const members = tasks.filter(({ memberOf }) => memberOf === task.id);
      if (override.models && members.length > 0) {
        throw new HeadraceError('request_invalid', {
          message: `${task.key} is a panel, in which each member has a model of its own.`,
          where: `overrides.tasks.${name}.model`,
          fix: `Set the model of its members: ${members.map(({ key }) => key).join(', ')}.`,
        });
      }
      return [task.id, override];
    }),
  );
}

function findTask(tasks: readonly Task[], name: string): Task {
  const found = tasks.find((task) => task.id === name) ?? tasks.find((task) => task.key === name);
  if (found) return found;
  throw new HeadraceError('not_found', {
    message: `The run's plan has no task ${JSON.stringify(name)}.`,
    where: name,
    fix: './headrace runs plan ID (GET /api/v1/runs/{id}/plan) names its tasks.',
  });
}
