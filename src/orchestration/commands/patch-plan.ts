import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { NewEvent } from '../../platform/store/store.ts';
import { moveTasks, settleTasks, storeTasks } from '../../queue/index.ts';
import type { OrchestrationDeps } from '../deps.ts';
import type { PlanDocument } from '../documents.ts';
import type { PlanPatch, Principal } from '../orchestration.ts';
import { criticalPaths } from '../plan/critical-paths.ts';
import { openPatch, type PatchedPlan } from '../plan/open-patch.ts';
import { lengthenPaths } from '../plan/plan-ledger.ts';
import { planRules } from '../plan/plan-rules.ts';
import { changePlan, expandLine, type OpenPlan, refusePlan } from './change-plan.ts';

/**
 * Changes a plan whose tasks may be under way: adds behind what there is, and changes or takes out what
 * nobody has begun. All operations or none. Throws `not_found`, `conflict`, `request_invalid`.
 */
export async function patchPlan(
  deps: OrchestrationDeps,
  principal: Principal,
  patch: PlanPatch,
): Promise<PlanDocument> {
  return await changePlan(deps, { principal, ...patch }, async (plan) => {
    refuseClosed(plan);
    const patched = openPatch(plan.tasks, {
      rules: planRules(deps, plan.run.settings, null),
      expand: (planned, ids, where) => expandLine(deps, plan, { planned, ids, where }),
    });
    for (const [index, operation] of patch.operations.entries()) {
      patched.apply(operation, `operations[${index}]`);
    }
    if (patched.current().length === 0) {
      throw new HeadraceError('request_invalid', {
        message: 'It would leave no task; cancel the run instead.',
        where: 'operations',
      });
    }
    return await writePatch(plan, patched);
  });
}

function refuseClosed({ run }: OpenPlan): void {
  const status = run.status === 'paused' ? run.paused_from : run.status;
  if (run.kind === 'fanout') refusePlan(run, 'A fan-out has a fixed plan.');
  if (status === 'planning') refusePlan(run, 'Its plan is not complete yet.');
  if (status !== 'running' && status !== 'awaiting_approval') {
    refusePlan(run, 'It has no plan that can be changed now.');
  }
}

async function writePatch(plan: OpenPlan, patched: PatchedPlan): Promise<NewEvent[]> {
  const { tx } = plan;
  const reason = 'A person took it out of the plan.';
  const settled = await settleTasks(
    tx,
    patched.removed.map((taskId) => ({ taskId, status: 'superseded', reason })),
  );
  // What was ready becomes pending: its new inputs may not have ended, and the next advance looks.
  await tx.query(
    `UPDATE tasks t SET title = n.title, instruction = n.instruction, kind = n.kind, depends_on = n.depends_on,
       acceptance = n.acceptance, max_tokens = n.max_tokens, required = n.required,
       artifact_path = n.artifact_path, models = n.models, status = 'pending', ready_at = NULL
     FROM jsonb_to_recordset($1::jsonb) AS n(id text, title text, instruction text, kind text,
       depends_on jsonb, acceptance jsonb, max_tokens int, required boolean, artifact_path text, models jsonb)
     WHERE t.id = n.id AND t.status IN ('pending', 'ready')`,
    [
      JSON.stringify(
        patched.changed().map(({ dependsOn, maxTokens, artifactPath, ...task }) => ({
          ...task,
          depends_on: dependsOn,
          max_tokens: maxTokens,
          artifact_path: artifactPath,
        })),
      ),
    ],
  );
  const lengths = criticalPaths(patched.current());
  await lengthenPaths(
    tx,
    patched.current().filter(({ id }) => !patched.added.some((task) => task.id === id)),
    lengths,
  );
  const stored = await writeTail(plan, patched, lengths);
  const said = patched.said.map(
    ({ taskId, ...data }): NewEvent => ({
      type: 'plan.changed',
      taskId,
      data: { version: plan.next, ...data },
    }),
  );
  return [...said, ...settled.events, ...stored];
}

/** In order, so that every task is stored behind all that it reads. */
async function writeTail(
  { tx, run }: OpenPlan,
  patched: PatchedPlan,
  lengths: ReadonlyMap<string, number>,
): Promise<NewEvent[]> {
  const events: NewEvent[] = [];
  for (const { added, moved } of patched.tail()) {
    await moveTasks(tx, run.id, moved);
    const stored = await storeTasks(
      tx,
      { runId: run.id, tenantId: run.tenant_id },
      added.map((task) => ({ ...task, criticalPath: lengths.get(task.id) ?? task.criticalPath })),
    );
    events.push(...stored.events);
  }
  return events;
}
