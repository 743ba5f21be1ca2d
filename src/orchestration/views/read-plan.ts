import type { Tx } from '../../platform/store/store.ts';
import { readTasks } from '../../queue/index.ts';
import type { OrchestrationDeps } from '../deps.ts';
import type { PlanDocument, RunStatus } from '../documents.ts';
import { noSuchRun } from '../no-such-run.ts';
import type { Principal } from '../orchestration.ts';
import { currentPlan } from '../plan/current-plan.ts';
import { describePlan } from '../plan/describe-plan.ts';

/** A run's plan as far as it has been accepted. Throws `not_found`. */
export async function readPlan(
  deps: Pick<OrchestrationDeps, 'store'>,
  { tenantId }: Principal,
  runId: string,
): Promise<PlanDocument> {
  return await deps.store.transaction({ tenantId }, (tx) => readPlanDocument(tx, runId));
}

export async function readPlanDocument(tx: Tx, runId: string): Promise<PlanDocument> {
  const [run] = await tx.query<{ status: RunStatus; plan_version: number }>(
    'SELECT status, plan_version FROM runs WHERE id = $1',
    [runId],
  );
  if (!run) throw noSuchRun(runId);
  const tasks = await readTasks(tx, runId, { outputs: false });
  return {
    run_id: runId,
    status: run.status,
    version: run.plan_version,
    tasks: describePlan(currentPlan(tasks)),
  };
}
