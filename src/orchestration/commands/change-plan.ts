import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import { createId } from '../../platform/ids.ts';
import { appendEvents } from '../../platform/store/append-events.ts';
import type { NewEvent, Tx } from '../../platform/store/store.ts';
import { readTasks, type Task } from '../../queue/index.ts';
import { type LockedRun, lockRun } from '../advance/read-snapshot.ts';
import type { OrchestrationDeps } from '../deps.ts';
import type { PlanDocument } from '../documents.ts';
import type { Principal } from '../orchestration.ts';
import { currentPlan } from '../plan/current-plan.ts';
import { type Expanded, expandTask } from '../plan/expand-task.ts';
import { usableModels } from '../plan/plan-rules.ts';
import type { PlannedTask, Repair } from '../plan/planned-task.ts';
import { readPlanDocument } from '../views/read-plan.ts';

/** A plan that a person changes, under the locks of its run and of its tasks that nobody has begun. */
export interface OpenPlan {
  tx: Tx;
  run: LockedRun;
  /** Its number once it is changed. */
  next: number;
  /** The current revision, members included. */
  tasks: Task[];
}

export interface PlanChange {
  runId: string;
  /** The version that the person saw; omitted: whatever there is. */
  version?: number | undefined;
}

/**
 * One transaction of the tenant: locks, asks `change` for what it writes, counts the version, appends
 * the events. `null`: nothing changes. Throws `not_found`, and `conflict` for another version.
 */
export async function changePlan(
  deps: OrchestrationDeps,
  { principal, runId, version }: PlanChange & { principal: Principal },
  change: (plan: OpenPlan) => Promise<NewEvent[] | null>,
): Promise<PlanDocument> {
  const { tenantId } = principal;
  const document = await deps.store.transaction({ tenantId }, async (tx) => {
    const plan = await openPlan(tx, runId);
    if (version !== undefined && version !== plan.next - 1) {
      throw new HeadraceError('conflict', {
        message: `The plan has version ${plan.next - 1}, not ${version}: somebody changed it meanwhile.`,
        where: 'version',
        fix: `Read the plan anew (./headrace runs plan ${runId}) and make the change again.`,
      });
    }
    const events = await change(plan);
    if (events !== null) {
      // The planner's reason for one task says nothing of a plan that a person made.
      await tx.query(
        'UPDATE runs SET plan_version = $2, plan_single = NULL, version = version + 1 WHERE id = $1',
        [runId, plan.next],
      );
      await tx.query('INSERT INTO advances (run_id, tenant_id) VALUES ($1, $2)', [runId, tenantId]);
    }
    const changed = await readPlanDocument(tx, runId);
    await appendEvents(tx, runId, events ?? []);
    return changed;
  });
  deps.store.notify('advance', runId);
  deps.store.notify('task', runId);
  deps.store.notify('run', runId);
  return document;
}

async function openPlan(tx: Tx, runId: string): Promise<OpenPlan> {
  const run = await lockRun(tx, runId);
  // The balancer assigns without the run's lock: what it may assign is held still, in its order.
  await tx.query(
    `SELECT 1 FROM tasks WHERE run_id = $1 AND status IN ('pending', 'ready')
     ORDER BY ordinal FOR NO KEY UPDATE`,
    [runId],
  );
  const [row] = await tx.query<{ plan_version: number }>(
    'SELECT plan_version FROM runs WHERE id = $1',
    [runId],
  );
  const tasks = currentPlan(await readTasks(tx, runId, { outputs: false }));
  return { tx, run, next: (row?.plan_version ?? 1) + 1, tasks };
}

/** A checked line as tasks of this run. A panel that cannot be is refused: nothing is repaired in silence. */
export function expandLine(
  deps: OrchestrationDeps,
  plan: OpenPlan,
  line: { planned: PlannedTask; ids: ReadonlyMap<string, string>; where: string },
): Expanded {
  const { settings } = plan.run;
  const expanded = expandTask(line.planned, {
    ids: line.ids,
    // The person's word is the last: `panel` of the line, not of the run.
    panel: 0,
    models: usableModels(deps, settings),
    lane: settings.lane,
    newTaskId: () => createId('tsk'),
  });
  const [repair] = expanded.repairs as Repair[];
  if (!repair) return expanded;
  const message = 'A panel needs two models that can answer it.';
  throw new HeadraceError('request_invalid', { message, where: `${line.where}.panel` });
}

/** Refuses what the run's state does not allow. */
export function refusePlan(run: LockedRun, reason: string): never {
  throw new HeadraceError('conflict', {
    message: `The run is ${run.status}. ${reason}`,
    where: run.id,
  });
}
