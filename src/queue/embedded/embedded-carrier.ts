import type { Lane } from '../../platform/lanes.ts';
import type { Store, Tx } from '../../platform/store/store.ts';
import type { Carrier, Delivery } from '../carrier.ts';
import { createLaneWheel } from '../lane-wheel.ts';
import type { TaskMessage } from '../task.ts';

/** How long a taker may hold a message before others see it again, in ms: its claim takes a few. */
const holdMs = 10_000;

interface HeldRow extends TaskMessage {
  id: number;
}

/** The outbox itself as the carrier, read with SKIP LOCKED: nothing to relay, nothing to run beside. */
export function createEmbeddedCarrier(deps: { store: Store }): Carrier {
  const wheel = createLaneWheel();
  const watches = new Set<() => void>();

  return {
    flags: { readsOutbox: true },
    publish: async () => {},
    async take(providers, lanes) {
      if (providers.length === 0) return null;
      const order = wheel.order(lanes);
      const row = await deps.store.transaction('system', (tx) => holdNext(tx, providers, order));
      if (!row) return null;
      wheel.served(row.lane, order);
      return deliver(deps.store, row);
    },
    watch(wake) {
      const stop = deps.store.listen('task', wake);
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

async function holdNext(
  tx: Tx,
  providers: readonly string[],
  lanes: readonly Lane[],
): Promise<HeldRow | undefined> {
  const [row] = await tx.query<HeldRow>(
    `UPDATE outbox SET taken_until = headrace_now() + $3 * interval '1 millisecond'
     WHERE id = (
       SELECT id FROM outbox
       WHERE provider = ANY($1::text[]) AND lane = ANY($2::text[]) AND sent_at IS NULL
         AND coalesce(taken_until <= headrace_now(), true)
       ORDER BY array_position($2::text[], lane), id
       LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING id, task_id, run_id, tenant_id, assignment, provider, lane`,
    [providers, lanes, holdMs],
  );
  return row;
}

function deliver(store: Store, row: HeldRow): Delivery {
  const { id, ...message } = row;
  return {
    message,
    async acknowledge() {
      await store.transaction('system', (tx) => tx.query('DELETE FROM outbox WHERE id = $1', [id]));
    },
    async release() {
      await store.transaction('system', (tx) =>
        tx.query('UPDATE outbox SET taken_until = NULL WHERE id = $1', [id]),
      );
      store.notify('task', message.provider);
    },
  };
}
