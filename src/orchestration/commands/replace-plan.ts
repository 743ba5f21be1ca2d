import type { NewEvent } from '../../platform/store/store.ts';
import { type NewTask, settleTasks, storeTasks } from '../../queue/index.ts';
import type { OrchestrationDeps } from '../deps.ts';
import type { PlanDocument } from '../documents.ts';
import type { PlanLine, Principal } from '../orchestration.ts';
import { checkPlan } from '../plan/check-plan.ts';
import { criticalPaths } from '../plan/critical-paths.ts';
import { describePlan, samePlan } from '../plan/describe-plan.ts';
import { planRules } from '../plan/plan-rules.ts';
import {
  changePlan,
  expandLine,
  type OpenPlan,
  type PlanChange,
  refusePlan,
} from './change-plan.ts';

/**
 * Puts a person's plan into the place of the planner's while the run waits for approval. Nothing of the
 * old plan was begun, so all of it is superseded and the new one is stored whole; the same plan again
 * changes nothing. Throws `not_found`, `conflict`, `request_invalid`.
 */
export async function replacePlan(
  deps: OrchestrationDeps,
  principal: Principal,
  input: PlanChange & { tasks: readonly PlanLine[] },
): Promise<PlanDocument> {
  return await changePlan(deps, { principal, ...input }, async (plan) => {
    const { tx, run } = plan;
    if (run.status !== 'awaiting_approval') {
      refusePlan(
        run,
        'A plan is replaced while it waits for approval; of a running one, what nobody has begun is changed.',
      );
    }
    const planned = expandPlan(deps, plan, input.tasks);
    if (samePlan(describePlan(planned), describePlan(plan.tasks))) return null;
    const reason = 'A person edited the plan.';
    const settled = await settleTasks(
      tx,
      plan.tasks.map(({ id }) => ({ taskId: id, status: 'superseded', reason })),
    );
    const at = { runId: run.id, tenantId: run.tenant_id };
    const stored = await storeTasks(tx, at, planned);
    return [...settled.events, changedEvent(plan, planned), ...stored.events];
  });
}

function expandPlan(
  deps: OrchestrationDeps,
  plan: OpenPlan,
  lines: readonly PlanLine[],
): NewTask[] {
  const ids = new Map<string, string>();
  const tasks: NewTask[] = [];
  const checked = checkPlan(lines, planRules(deps, plan.run.settings, null));
  for (const [index, planned] of checked.entries()) {
    const expanded = expandLine(deps, plan, { planned, ids, where: `tasks[${index}]` });
    ids.set(planned.key, expanded.id);
    tasks.push(...expanded.tasks);
  }
  const lengths = criticalPaths(tasks);
  return tasks.map((task) => ({
    ...task,
    criticalPath: lengths.get(task.id) ?? task.criticalPath,
  }));
}

/** Which lines are new, other or gone, by their keys. */
function changedEvent(plan: OpenPlan, planned: readonly NewTask[]): NewEvent {
  const before = new Map(describePlan(plan.tasks).map((task) => [task.key, task]));
  const after = describePlan(planned);
  const keys = new Set(after.map((task) => task.key));
  return {
    type: 'plan.changed',
    data: {
      version: plan.next,
      operation: 'replace',
      added: after.filter(({ key }) => !before.has(key)).map(({ key }) => key),
      changed: after
        .filter((task) => {
          const old = before.get(task.key);
          return old !== undefined && !samePlan([old], [task]);
        })
        .map(({ key }) => key),
      removed: [...before.keys()].filter((key) => !keys.has(key)),
    },
  };
}
