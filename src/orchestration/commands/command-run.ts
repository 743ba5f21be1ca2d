import { createId } from '../../platform/ids.ts';
import type { Tx } from '../../platform/store/store.ts';
import { withdrawAssigned } from '../../queue/index.ts';
import { announce } from '../advance/advance-run.ts';
import { decideLocked } from '../advance/decide-locked.ts';
import { lockRun } from '../advance/read-snapshot.ts';
import { decidesNothing, writeDecision } from '../advance/write-decision.ts';
import type { OrchestrationDeps } from '../deps.ts';
import type { RunSummary } from '../documents.ts';
import { type Command, obey } from '../machine/commands.ts';
import type { Decision } from '../machine/state.ts';
import type { Principal } from '../orchestration.ts';
import { usableModels } from '../plan/plan-rules.ts';
import { readRunSummary } from '../views/list-runs.ts';

/** A command as a person gives it; how long the run stood still is for the store to say. */
export type Order =
  | Exclude<Command, { type: 'resume' | 'approve' }>
  | { type: 'resume' }
  | { type: 'approve' };

/**
 * Carries out a person's command in one transaction of the tenant, and asks for an advance. Throws
 * `not_found`, `conflict`, `request_invalid`.
 */
export async function commandRun(
  deps: OrchestrationDeps,
  principal: Principal,
  { runId, order }: { runId: string; order: Order },
): Promise<RunSummary> {
  const { tenantId } = principal;
  const decision = await deps.store.transaction({ tenantId }, async (tx): Promise<Decision> => {
    const run = await lockRun(tx, runId);
    const now = run.now.getTime();
    const command = await completeOrder(tx, { runId, order, now });
    const { decision: decided } = await decideLocked(tx, run, {
      dispatch: deps.dispatch,
      decide: (on) => obey(on, command, { now, newTaskId: () => createId('tsk') }),
    });
    if (decidesNothing(decided)) return decided;
    if (order.type === 'pause') {
      const withdrawn = await withdrawAssigned(tx, runId);
      decided.events.unshift(...withdrawn.events);
    }
    await tx.query('INSERT INTO advances (run_id, tenant_id) VALUES ($1, $2)', [runId, tenantId]);
    const models = usableModels(deps, run.settings);
    await writeDecision(tx, { runId, tenantId, models }, decided);
    return decided;
  });
  announce(deps, runId, decision);
  deps.store.notify('advance', runId);
  // What stands still in a pause is ready again without any task having changed.
  deps.store.notify('task', runId);
  return deps.store.transaction({ tenantId }, (tx) => readRunSummary(tx, runId));
}

async function completeOrder(
  tx: Tx,
  { runId, order, now }: { runId: string; order: Order; now: number },
): Promise<Command> {
  if (order.type === 'approve') return { ...order, waitedMs: await readWaitedMs(tx, runId) };
  if (order.type !== 'resume') return order;
  const [row] = await tx.query<{ at: Date | null }>(
    `SELECT max(at) AS at FROM run_events WHERE run_id = $1 AND type = 'run.paused'`,
    [runId],
  );
  return { type: 'resume', pausedMs: row?.at ? Math.max(0, now - row.at.getTime()) : 0 };
}

/** How long the plan has waited for approval, without what it was paused meanwhile. */
async function readWaitedMs(tx: Tx, runId: string): Promise<number> {
  const [row] = await tx.query<{ ms: number }>(
    `WITH told AS (
       SELECT data->>'status' AS status, at, lead(at, 1, headrace_now()) OVER (ORDER BY number) AS until
       FROM run_events WHERE run_id = $1 AND type = 'run.updated')
     SELECT coalesce(sum(extract(epoch FROM until - at)) * 1000, 0)::float8 AS ms
     FROM told WHERE status = 'awaiting_approval'`,
    [runId],
  );
  return Math.max(0, Math.round(row?.ms ?? 0));
}
