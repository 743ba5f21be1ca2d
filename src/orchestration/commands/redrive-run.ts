import { createId, createTraceId } from '../../platform/ids.ts';
import { appendEvents } from '../../platform/store/append-events.ts';
import type { NewEvent, Tx } from '../../platform/store/store.ts';
import { readTasks, redriveTasks } from '../../queue/index.ts';
import { rerunFrom } from '../accept/rerun.ts';
import { type LockedRun, lockRun } from '../advance/read-snapshot.ts';
import type { OrchestrationDeps } from '../deps.ts';
import { hasEnded } from '../machine/draft.ts';
import type { Principal, Redriven } from '../orchestration.ts';
import { currentPlan } from '../plan/current-plan.ts';
import { refusePlan } from './change-plan.ts';

/**
 * Another life for a run's dead tasks: in the run itself while it lives; in a new run, which copies
 * everything else, once it has ended, for nothing that ended is reopened. Throws `not_found`, and `conflict` in between:
 * what is answered beside a merge is read by nobody.
 */
export async function redriveRun(
  deps: OrchestrationDeps,
  principal: Principal,
  runId: string,
): Promise<Redriven> {
  const { tenantId } = principal;
  const found = await deps.store.transaction({ tenantId }, async (tx) => {
    const run = await lockRun(tx, runId);
    if (hasEnded(run.status)) {
      const [project] = await tx.query<{ project_id: string }>(
        'SELECT project_id FROM runs WHERE id = $1',
        [runId],
      );
      const plan = currentPlan(await readTasks(tx, runId, { outputs: false }));
      const dead = plan.filter(({ status, failure }) => status === 'failed' && failure?.dead);
      return { projectId: project?.project_id ?? '', dead: dead.map((task) => task.id) };
    }
    refuseFinishing(run);
    const { taskIds, events } = await redriveTasks(tx, runId);
    const revived = await reviveDependants(tx, runId, taskIds);
    await tx.query('INSERT INTO advances (run_id, tenant_id) VALUES ($1, $2)', [runId, tenantId]);
    await appendEvents(tx, runId, [...events, ...revived]);
    return { redriven: taskIds.length };
  });
  if ('redriven' in found) {
    deps.store.notify('advance', runId);
    deps.store.notify('task', runId);
    deps.store.notify('run', runId);
    return { redriven: found.redriven ?? 0, run_id: runId };
  }
  if (found.dead.length === 0) return { redriven: 0, run_id: runId };
  const accepted = await rerunFrom(deps, principal, {
    projectId: found.projectId,
    fromRun: runId,
    fromTasks: found.dead,
    receipt: {
      requestId: createId('req'),
      receivedAt: deps.clock.now(),
      authMethod: 'redrive',
      traceId: createTraceId(),
    },
  });
  return { redriven: found.dead.length, run_id: accepted.run_id };
}

function refuseFinishing(run: LockedRun): void {
  const status = run.status === 'paused' ? run.paused_from : run.status;
  if (status !== 'merging' && status !== 'judging') return;
  refusePlan(run, 'Its answers are being put together; redrive it once it has ended.');
}

/** What was cancelled because its input was dead waits for that input again, to the end of the chain. */
async function reviveDependants(
  tx: Tx,
  runId: string,
  taskIds: readonly string[],
): Promise<NewEvent[]> {
  const rows = await tx.query<{ id: string }>(
    `WITH RECURSIVE reached AS (
       SELECT unnest($2::text[]) AS id
       UNION
       SELECT t.id FROM tasks t JOIN reached r
         ON t.depends_on @> jsonb_build_array(jsonb_build_object('id', r.id))
       WHERE t.run_id = $1 AND t.status = 'cancelled'
         AND t.kind IN ('section', 'file', 'research', 'member', 'panel'))
     UPDATE tasks t SET status = 'pending', finished_at = NULL
     FROM reached r WHERE t.id = r.id AND t.status = 'cancelled' RETURNING t.id`,
    [runId, taskIds],
  );
  return rows.map(({ id }) => ({
    type: 'task.redriven',
    taskId: id,
    data: { code: 'dependency_failed' },
  }));
}
