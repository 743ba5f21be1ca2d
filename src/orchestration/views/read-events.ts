import type { Row, RunEvent, Tx } from '../../platform/store/store.ts';
import type { OrchestrationDeps } from '../deps.ts';
import { noSuchRun } from '../no-such-run.ts';
import type { Principal } from '../orchestration.ts';

const mostEvents = 500;

type EventRow = Omit<RunEvent, 'at'> & { at: Date };

/** Events in commit order: whoever has seen number n has missed nothing below it. Throws `not_found`. */
export async function readEvents(
  deps: Pick<OrchestrationDeps, 'store'>,
  principal: Principal,
  request: { runId: string; after?: number; limit?: number },
): Promise<RunEvent[]> {
  const { runId, after = 0, limit = mostEvents } = request;
  const { tenantId } = principal;
  return await deps.store.transaction({ tenantId }, async (tx) => {
    const rows = await selectEvents(tx, {
      runId,
      after,
      limit: Math.min(mostEvents, Math.max(1, limit)),
    });
    if (rows.length === 0) await requireRun(tx, runId);
    return rows;
  });
}

/** All events of a run, a page at a time: none is held longer than it is needed. */
export async function selectEvents(
  tx: Tx,
  page: { runId: string; after: number; limit: number },
): Promise<RunEvent[]> {
  const rows = await tx.query<EventRow & Row>(
    `SELECT run_id, number, at, type, step, task_id, attempt_id, data FROM run_events
     WHERE run_id = $1 AND number > $2 ORDER BY number LIMIT $3`,
    [page.runId, page.after, page.limit],
  );
  return rows.map(({ at, ...event }) => ({ ...event, at: at.getTime() }));
}

export async function requireRun(tx: Tx, runId: string): Promise<void> {
  const rows = await tx.query('SELECT 1 FROM runs WHERE id = $1', [runId]);
  if (rows.length === 0) throw noSuchRun(runId);
}
