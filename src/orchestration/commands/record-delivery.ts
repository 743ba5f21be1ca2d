import { appendEvents } from '../../platform/store/append-events.ts';
import { lockRun } from '../advance/read-snapshot.ts';
import type { OrchestrationDeps } from '../deps.ts';
import { hasEnded } from '../machine/draft.ts';
import type { Principal } from '../orchestration.ts';

/** Step ㉒: the client has the result of an ended run. Recorded once, however often it is fetched. */
export async function recordDelivery(
  deps: Pick<OrchestrationDeps, 'store'>,
  principal: Principal,
  runId: string,
): Promise<void> {
  const { tenantId } = principal;
  await deps.store.transaction({ tenantId }, async (tx) => {
    const run = await lockRun(tx, runId);
    if (!hasEnded(run.status)) return;
    // Under the lock: two clients that fetch at once are still one delivery.
    const told = await tx.query(
      `SELECT 1 FROM run_events WHERE run_id = $1 AND type = 'result.delivered'`,
      [runId],
    );
    if (told.length > 0) return;
    await appendEvents(tx, runId, [{ type: 'result.delivered', data: {} }]);
  });
  deps.store.notify('run', runId);
}
