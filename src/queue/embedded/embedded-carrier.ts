import { groupCalls } from '../../platform/group-calls.ts';
import type { Lane } from '../../platform/lanes.ts';
import type { Store, Tx } from '../../platform/store/store.ts';
import type { Carrier, Delivery } from '../carrier.ts';
import { createLaneWheel, type LaneWheel } from '../lane-wheel.ts';
import type { TaskMessage } from '../task.ts';

/** How long a taker may hold a message before others see it again, in ms: its claim takes a few. */
const holdMs = 10_000;

interface WaitingRow {
  id: number;
  provider: string;
  lane: Lane;
}

interface HeldRow extends TaskMessage {
  id: number;
}

// A hold or an acknowledgement that a crash of the database takes back only shows a message again, whose
// claim is refused. Waiting for the disk each time would make a worker's loop wait, and everyone behind it.
const fleeting = { durable: false };

/** The outbox itself as the carrier, read with SKIP LOCKED: nothing to relay, nothing to run beside. */
export function createEmbeddedCarrier(deps: { store: Store }): Carrier {
  const { store } = deps;
  const wheel = createLaneWheel();
  const watches = new Set<() => void>();
  const acknowledge = groupCalls(async (_, ids: readonly number[]) => {
    const spent = 'DELETE FROM outbox WHERE id = ANY($1::bigint[])';
    await store.transaction('system', (tx) => tx.query(spent, [ids]), fleeting);
    return ids;
  });
  const deliver = ({ id, ...message }: HeldRow): Delivery => ({
    message,
    acknowledge: async () => void (await acknowledge('outbox', id)),
    async release() {
      await store.transaction('system', (tx) =>
        tx.query('UPDATE outbox SET taken_until = NULL WHERE id = $1', [id]),
      );
      store.notify('task', message.provider);
    },
  });

  return {
    flags: { readsOutbox: true },
    publish: async () => {},
    async take(free, lanes) {
      const providers = [...free.keys()].filter((provider) => (free.get(provider) ?? 0) > 0);
      if (providers.length === 0) return [];
      const slots = new Map(providers.map((provider) => [provider, free.get(provider) ?? 0]));
      for (;;) {
        const { chosen, held } = await store.transaction(
          'system',
          async (tx) => {
            const waiting = await findWaiting(tx, slots, lanes);
            const chosen = chooseByLane(wheel, waiting, { slots, lanes });
            return { chosen, held: chosen.length > 0 ? await hold(tx, chosen) : [] };
          },
          fleeting,
        );
        // Others may have been faster with all of them, and leave more behind those.
        if (held.length > 0 || chosen.length === 0) return held.map(deliver);
      }
    },
    watch(wake) {
      const stop = store.listen('task', wake);
      watches.add(stop);
      return () => {
        watches.delete(stop);
        stop();
      };
    },
    async close() {
      for (const stop of watches) stop();
      watches.clear();
    },
  };
}

/** The oldest messages of each provider and lane, as many as it has slots; looks without locking. */
function findWaiting(
  tx: Tx,
  slots: ReadonlyMap<string, number>,
  lanes: readonly Lane[],
): Promise<WaitingRow[]> {
  return tx.query<WaitingRow>(
    `SELECT o.id, o.provider, o.lane
     FROM unnest($1::text[], $2::int[]) AS s(provider, free) CROSS JOIN unnest($3::text[]) AS l(lane)
     CROSS JOIN LATERAL (
       SELECT id, provider, lane FROM outbox
       WHERE provider = s.provider AND lane = l.lane AND sent_at IS NULL
         AND coalesce(taken_until <= headrace_now(), true)
       ORDER BY id LIMIT s.free) o
     ORDER BY o.id`,
    [[...slots.keys()], [...slots.values()], lanes],
  );
}

/** Fills the slots one by one, each with the oldest message of the lane whose turn it is. */
function chooseByLane(
  wheel: LaneWheel,
  waiting: readonly WaitingRow[],
  { slots, lanes }: { slots: ReadonlyMap<string, number>; lanes: readonly Lane[] },
): number[] {
  const left = new Map(slots);
  const byLane = Map.groupBy(waiting, (row) => row.lane);
  const next = (lane: Lane) => {
    const line = byLane.get(lane) ?? [];
    const index = line.findIndex((row) => (left.get(row.provider) ?? 0) > 0);
    return index < 0 ? undefined : line.splice(index, 1)[0];
  };
  const chosen: number[] = [];
  for (;;) {
    const order = wheel.order(lanes);
    const row = order.reduce<WaitingRow | undefined>(
      (found, lane) => found ?? next(lane),
      undefined,
    );
    if (!row) return chosen;
    wheel.served(row.lane, order);
    left.set(row.provider, (left.get(row.provider) ?? 0) - 1);
    chosen.push(row.id);
  }
}

/** Keeps the chosen ones from other takers, those excepted that another has taken meanwhile. */
async function hold(tx: Tx, ids: readonly number[]): Promise<HeldRow[]> {
  const rows = await tx.query<HeldRow>(
    `UPDATE outbox SET taken_until = headrace_now() + $2 * interval '1 millisecond'
     WHERE id IN (
       SELECT id FROM outbox
       WHERE id = ANY($1::bigint[]) AND sent_at IS NULL
         AND coalesce(taken_until <= headrace_now(), true)
       ORDER BY id FOR UPDATE SKIP LOCKED)
     RETURNING id, task_id, run_id, tenant_id, assignment, provider, lane`,
    [ids, holdMs],
  );
  return rows.sort((one, other) => one.id - other.id);
}
