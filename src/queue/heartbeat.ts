import type { QueueDeps } from './queue-deps.ts';

/** A process that takes tasks. */
export interface WorkerBeat {
  id: string;
  role: 'worker' | 'orchestrator';
  /** Slots per provider; all of them zero while it drains. */
  slots: Readonly<Record<string, number>>;
  freeSlots: number;
}

/** Without a beat for this long a worker counts as gone, in ms; beats come three times as often. */
export const heartbeatTimeoutMs = 15_000;

/** Says that a worker lives, for which providers, and with how many slots. */
export async function heartbeat(deps: QueueDeps, worker: WorkerBeat): Promise<void> {
  const slots = Object.values(worker.slots).reduce((sum, count) => sum + count, 0);
  await deps.store.transaction('system', (tx) =>
    tx.query(
      `INSERT INTO workers (id, role, providers, slots, free_slots, heartbeat_at)
       VALUES ($1, $2, $3, $4, $5, headrace_now())
       ON CONFLICT (id) DO UPDATE SET providers = excluded.providers, slots = excluded.slots,
         free_slots = excluded.free_slots, heartbeat_at = excluded.heartbeat_at`,
      [worker.id, worker.role, JSON.stringify(worker.slots), slots, worker.freeSlots],
    ),
  );
}

/** Takes a worker off the list when it ends, so that nothing is assigned in expectation of it. */
export async function signOff(deps: QueueDeps, workerId: string): Promise<void> {
  await deps.store.transaction('system', (tx) =>
    tx.query('DELETE FROM workers WHERE id = $1', [workerId]),
  );
}
