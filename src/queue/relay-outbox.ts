import { appendEvents } from '../platform/store/append-events.ts';
import { lockOpenRun } from '../platform/store/lock-open-run.ts';
import type { Store, Tx } from '../platform/store/store.ts';
import { announcedEvents } from './assign-tasks.ts';
import type { Carrier } from './carrier.ts';
import type { TaskMessage } from './task.ts';

/** How long one relay holds the rows that it publishes, in ms; another takes over after that. */
const holdMs = 15_000;

interface OutboxRow extends TaskMessage {
  id: number;
}

/**
 * Steps ⑨ and ⑩ for a carrier that is fed from the outbox: publishes what waits there, then marks it
 * sent. A crash between the two publishes again, which a claim makes harmless. Answers how many it sent;
 * call again at once while that is the limit.
 */
export async function relayOutbox(
  deps: { store: Store; carrier: Carrier },
  options: { limit?: number } = {},
): Promise<number> {
  if (deps.carrier.flags.readsOutbox) return 0;
  const rows = await deps.store.transaction('system', (tx) => holdRows(tx, options.limit ?? 100));
  if (rows.length === 0) return 0;
  try {
    await deps.carrier.publish(rows.map(messageOf));
  } catch (error) {
    // Otherwise a broker that is back at once would get nothing until the hold runs out.
    await deps.store.transaction('system', (tx) => letGo(tx, rows));
    throw error;
  }
  for (const [runId, sent] of byRun(rows)) {
    await deps.store.transaction('system', (tx) => markSent(tx, runId, sent));
    deps.store.notify('run', runId);
  }
  return rows.length;
}

async function holdRows(tx: Tx, limit: number): Promise<OutboxRow[]> {
  const rows = await tx.query<OutboxRow>(
    `UPDATE outbox SET taken_until = headrace_now() + $1 * interval '1 millisecond'
     WHERE id IN (
       SELECT id FROM outbox
       WHERE sent_at IS NULL AND coalesce(taken_until <= headrace_now(), true)
       ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING id, task_id, run_id, tenant_id, assignment, provider, lane`,
    [holdMs, limit],
  );
  return rows.sort((left, right) => left.id - right.id);
}

async function letGo(tx: Tx, rows: readonly OutboxRow[]): Promise<void> {
  await tx.query('UPDATE outbox SET taken_until = NULL WHERE id = ANY($1::bigint[])', [
    idsOf(rows),
  ]);
}

async function markSent(tx: Tx, runId: string, rows: readonly OutboxRow[]): Promise<void> {
  const isOpen = await lockOpenRun(tx, runId);
  await tx.query('UPDATE outbox SET sent_at = headrace_now() WHERE id = ANY($1::bigint[])', [
    idsOf(rows),
  ]);
  if (!isOpen) return;
  await appendEvents(
    tx,
    runId,
    rows.flatMap((row) => announcedEvents(row.task_id, row)),
  );
}

function messageOf(row: OutboxRow): TaskMessage {
  const { task_id, run_id, tenant_id, assignment, provider, lane } = row;
  return { task_id, run_id, tenant_id, assignment, provider, lane };
}

const idsOf = (rows: readonly OutboxRow[]) => rows.map((row) => row.id);

const byRun = (rows: readonly OutboxRow[]) => Map.groupBy(rows, (row) => row.run_id);
