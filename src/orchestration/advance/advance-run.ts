import { createId } from '../../platform/ids.ts';
import { controlKinds, type TaskKind } from '../../queue/index.ts';
import type { OrchestrationDeps } from '../deps.ts';
import { decide } from '../machine/decide.ts';
import { nextLimit } from '../machine/next-limit.ts';
import type { Decision } from '../machine/state.ts';
import { usableModels } from '../plan/plan-rules.ts';
import { decideLocked } from './decide-locked.ts';
import { lockRun } from './read-snapshot.ts';
import { decidesNothing, writeDecision } from './write-decision.ts';

/** Which of the orchestrator's loops have something to do after an advance. */
export interface Advanced {
  /** Work tasks became ready, to be assigned. */
  work: boolean;
  /** Control tasks became ready, to be claimed. */
  control: boolean;
  /** Until time alone changes what the run does, in ms. */
  limitMs: number;
}

/**
 * One advance in one transaction: lock the run, forget the requests to advance it, read its state,
 * decide, write. A request that comes in meanwhile is a row that this transaction did not see.
 */
export async function advanceRun(deps: OrchestrationDeps, runId: string): Promise<Advanced> {
  const { decision, tasks, limitMs } = await deps.store.transaction('system', async (tx) => {
    const run = await lockRun(tx, runId);
    // Before the tasks are read: whatever asked for these advances is then in what is read.
    await tx.query('DELETE FROM advances WHERE run_id = $1', [runId]);
    const context = { now: run.now.getTime(), newTaskId: () => createId('tsk') };
    const { snapshot, decision: decided } = await decideLocked(tx, run, {
      dispatch: deps.dispatch,
      decide: (on) => decide(on, context),
    });
    if (!decidesNothing(decided)) {
      const models = usableModels(deps, run.settings);
      await writeDecision(tx, { runId, tenantId: run.tenant_id, models }, decided);
    }
    const { waitMs } = nextLimit({ ...snapshot.run, ...decided.patch }, run.now.getTime());
    return { decision: decided, tasks: snapshot.tasks, limitMs: waitMs };
  });
  announce(deps, runId, decision);
  const kinds = new Map(tasks.map((task) => [task.id, task.kind]));
  return { ...wakes(decision, kinds), limitMs };
}

/** Hints after the commit of a decision. */
export function announce(
  deps: Pick<OrchestrationDeps, 'store'>,
  runId: string,
  decision: Decision,
): void {
  if (decidesNothing(decision)) return;
  deps.store.notify('run', runId);
  if (decision.stopCalls) deps.store.notify('cancel', runId);
}

/** A run that changes its status (it goes on after a pause) has ready tasks that nothing here made ready. */
function wakes(
  decision: Decision,
  kindOf: ReadonlyMap<string, TaskKind>,
): Omit<Advanced, 'limitMs'> {
  const changed = decision.patch.status !== undefined;
  const isReady = ({ status }: { status: string }) => status === 'ready';
  const kinds = [
    ...decision.settle.filter(isReady).map(({ taskId }) => kindOf.get(taskId)),
    ...[...decision.supersede, ...decision.store].filter(isReady).map(({ kind }) => kind),
  ];
  const ofControl = kinds.filter((kind) => controlKinds.some((control) => control === kind));
  return {
    work: changed || ofControl.length < kinds.length,
    control: changed || ofControl.length > 0,
  };
}
