import { createId } from '../../platform/ids.ts';
import type { OrchestrationDeps } from '../deps.ts';
import { decide } from '../machine/decide.ts';
import type { Decision } from '../machine/state.ts';
import { usableModels } from '../plan/plan-rules.ts';
import { lockRun, readSnapshot } from './read-snapshot.ts';
import { decidesNothing, writeDecision } from './write-decision.ts';

/** Which of the orchestrator's loops have something to do after an advance. */
export interface Advanced {
  /** Work tasks became ready, to be assigned. */
  work: boolean;
  /** Control tasks became ready, to be claimed. */
  control: boolean;
}

/**
 * One advance in one transaction: lock the run, forget the requests to advance it, read its state,
 * decide, write. A request that comes in meanwhile is a row that this transaction did not see.
 */
export async function advanceRun(deps: OrchestrationDeps, runId: string): Promise<Advanced> {
  const decision = await deps.store.transaction('system', async (tx) => {
    const run = await lockRun(tx, runId);
    // Before the tasks are read: whatever asked for these advances is then in what is read.
    await tx.query('DELETE FROM advances WHERE run_id = $1', [runId]);
    const snapshot = await readSnapshot(tx, run, deps.dispatch);
    const decided = decide(snapshot, {
      now: run.now.getTime(),
      newTaskId: () => createId('tsk'),
    });
    if (!decidesNothing(decided)) {
      const models = usableModels(deps, run.settings);
      await writeDecision(tx, { runId, tenantId: run.tenant_id, models }, decided);
    }
    return decided;
  });
  announce(deps, runId, decision);
  return { work: bringsWork(decision), control: bringsControl(decision) };
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

function bringsWork(decision: Decision): boolean {
  return (
    decision.settle.some((change) => change.status === 'ready') ||
    decision.supersede.some((change) => change.status === 'ready')
  );
}

function bringsControl(decision: Decision): boolean {
  return (
    decision.store.some((task) => task.status === 'ready') ||
    decision.settle.some((change) => change.status === 'ready')
  );
}
