import { appendEvents } from '../platform/store/append-events.ts';
import { lockOpenRun } from '../platform/store/lock-open-run.ts';
import type { NewEvent, Tx } from '../platform/store/store.ts';
import {
  type ClosedAttempt,
  closeAttempts,
  closeOrphanedAttempt,
  findOrphanedAttempts,
  type OrphanedAttempt,
} from './close-attempts.ts';
import { markFailed } from './fail-task.ts';
import { deadFailure, triesSpent } from './hand-back.ts';
import { leaseMs, type QueueDeps } from './queue-deps.ts';

export interface SweepOptions {
  /** An announced task that nobody claims for this long is taken back, in ms. */
  unclaimedMs?: number;
  /** At most so many of each kind per sweep. */
  limit?: number;
}

export interface Swept {
  /** Leases that lapsed. */
  lapsed: number;
  /** Assignments that nobody claimed. */
  unclaimed: number;
  /** Tasks that ended as dead, being tried too often. */
  dead: number;
  /** Open attempts that nobody is going to settle, closed as `unknown`. */
  attempts: number;
}

/** Brings back what its holder lost. Safe to run in every process at once, as often as wanted. */
export async function sweep(deps: QueueDeps, options: SweepOptions = {}): Promise<Swept> {
  const { store } = deps;
  const { limit = 100, unclaimedMs = 30_000 } = options;
  const swept: Swept = { lapsed: 0, unclaimed: 0, dead: 0, attempts: 0 };
  const { tasks, attempts } = await store.transaction('system', async (tx) => ({
    tasks: await findLost(tx, unclaimedMs, limit),
    attempts: await findOrphanedAttempts(tx, limit),
  }));
  // One transaction each, and the rest goes on where one fails: a broken task keeps no other waiting.
  const failures: unknown[] = [];
  const each = async (runId: string, work: () => Promise<void>) => {
    await work().catch((error: unknown) => failures.push(error));
    store.notify('run', runId);
  };
  for (const lost of tasks) {
    await each(lost.run_id, async () => {
      const taken = await store.transaction('system', (tx) => bringBack(tx, lost, unclaimedMs));
      if (taken.events.length === 0) return;
      swept[lost.kind] += 1;
      swept.attempts += taken.attempts;
      swept.dead += taken.dead ? 1 : 0;
      store.notify(taken.dead ? 'advance' : 'task', lost.run_id);
    });
  }
  for (const orphan of attempts) {
    await each(orphan.run_id, async () => {
      const closed = await store.transaction('system', (tx) => closeOrphan(tx, orphan));
      swept.attempts += closed ? 1 : 0;
    });
  }
  if (failures.length > 0) throw failures[0];
  return swept;
}

async function bringBack(tx: Tx, lost: LostRow, unclaimedMs: number): Promise<Taken> {
  const taken =
    lost.kind === 'lapsed' ? await lapse(tx, lost.id) : await takeBack(tx, lost.id, unclaimedMs);
  await appendEvents(tx, lost.run_id, taken.events);
  return taken;
}

async function closeOrphan(tx: Tx, orphan: OrphanedAttempt): Promise<boolean> {
  // Locked first, as dispatch does.
  const isOpen = await lockOpenRun(tx, orphan.run_id);
  const closed = await closeOrphanedAttempt(tx, orphan.id);
  if (!closed) return false;
  if (isOpen) await appendEvents(tx, orphan.run_id, [unknownEvent(orphan.task_id, closed)]);
  return true;
}

interface LostRow {
  id: string;
  run_id: string;
  kind: 'lapsed' | 'unclaimed';
}

interface Taken {
  events: NewEvent[];
  attempts: number;
  dead: boolean;
}

const nothing: Taken = { events: [], attempts: 0, dead: false };

// After a restart of the database nobody could renew; whoever lived through it gets one lease to do so.
const graceOver = `(SELECT max(seen_at) FROM server_starts) + ${leaseMs} * interval '1 millisecond' <= headrace_now()`;

async function findLost(tx: Tx, unclaimedMs: number, limit: number): Promise<LostRow[]> {
  await tx.query(
    'INSERT INTO server_starts (postmaster_started_at) VALUES (pg_postmaster_start_time()) ON CONFLICT DO NOTHING',
  );
  await tx.query(`DELETE FROM workers WHERE heartbeat_at < headrace_now() - interval '10 minutes'`);
  return await tx.query<LostRow>(
    `(SELECT id, run_id, 'lapsed' AS kind FROM tasks
      WHERE status = 'running' AND lease_until < headrace_now() AND ${graceOver}
      ORDER BY lease_until LIMIT $2)
     UNION ALL
     (SELECT id, run_id, 'unclaimed' FROM tasks
      WHERE status = 'assigned' AND assigned_at < headrace_now() - $1 * interval '1 millisecond'
      ORDER BY assigned_at LIMIT $2)`,
    [unclaimedMs, limit],
  );
}

interface LapsedRow {
  fencing_token: number;
  worker_id: string;
  tries: number;
  refusals: number;
}

async function lapse(tx: Tx, taskId: string): Promise<Taken> {
  const [row] = await tx.query<LapsedRow>(
    `SELECT fencing_token, worker_id, tries, refusals FROM tasks
     WHERE id = $1 AND status = 'running' AND lease_until < headrace_now() FOR NO KEY UPDATE SKIP LOCKED`,
    [taskId],
  );
  if (!row) return nothing;
  const dead = triesSpent(row);
  const closed = await closeAttempts(tx, taskId, row.fencing_token);
  const events: NewEvent[] = [
    {
      type: 'task.lease_lapsed',
      taskId,
      data: { worker: row.worker_id, try: row.tries, attempts_unknown: closed.length },
    },
    ...closed.map((attempt) => unknownEvent(taskId, attempt)),
  ];
  if (dead) {
    const reason = 'its worker was lost each time';
    const failure = { code: 'internal', kind: 'lease_lapsed', message: reason, dead: true };
    events.push(...(await markFailed(tx, taskId, deadFailure(failure, reason))));
  } else {
    await tx.query(
      `UPDATE tasks SET status = 'ready', worker_id = NULL, lease_until = NULL WHERE id = $1`,
      [taskId],
    );
  }
  return { events, attempts: closed.length, dead };
}

/** With what was reserved: a client that adds events up comes to what the ledger says. */
function unknownEvent(taskId: string, { id, ...reserved }: ClosedAttempt): NewEvent {
  return {
    type: 'attempt.ended',
    taskId,
    attemptId: id,
    data: { outcome: 'unknown', ...reserved },
  };
}

async function takeBack(tx: Tx, taskId: string, unclaimedMs: number): Promise<Taken> {
  const [row] = await tx.query<{ assigned_provider: string }>(
    `WITH taken AS (
       UPDATE tasks SET status = 'ready'
       WHERE id = (SELECT id FROM tasks WHERE id = $1 AND status = 'assigned'
           AND assigned_at < headrace_now() - $2 * interval '1 millisecond' FOR NO KEY UPDATE SKIP LOCKED)
       RETURNING id, assigned_provider),
     spent AS (DELETE FROM outbox o USING taken WHERE o.task_id = taken.id)
     SELECT assigned_provider FROM taken`,
    [taskId, unclaimedMs],
  );
  if (!row) return nothing;
  const data = {
    provider: row.assigned_provider,
    wait_ms: 0,
    cause: 'unclaimed',
    reason: 'no worker claimed it',
  };
  return { events: [{ type: 'task.handed_back', taskId, data }], attempts: 0, dead: false };
}
