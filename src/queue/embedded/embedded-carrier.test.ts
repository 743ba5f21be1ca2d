import assert from 'node:assert/strict';
import test from 'node:test';
import { createTestStore } from '../../../test/database.ts';
import { assign, claimTask, newTask, seedRun, setDatabaseTime } from '../../../test/seed-run.ts';
import { lanes } from '../../platform/lanes.ts';
import type { Store } from '../../platform/store/store.ts';
import { defineCarrierContract } from '../carrier.contract.ts';
import type { TaskMessage } from '../task.ts';
import { createEmbeddedCarrier } from './embedded-carrier.ts';

const start = Date.UTC(2026, 0, 1);

async function announce(store: Store, messages: readonly TaskMessage[]): Promise<void> {
  await store.transaction('system', (tx) =>
    tx.query(
      `INSERT INTO outbox (tenant_id, task_id, run_id, assignment, provider, lane)
       SELECT m.tenant_id, m.task_id, m.run_id, m.assignment, m.provider, m.lane
       FROM jsonb_to_recordset($1::jsonb) AS m(tenant_id text, task_id text, run_id text,
         assignment int, provider text, lane text)`,
      [JSON.stringify(messages)],
    ),
  );
  store.notify('task', 'contract');
}

defineCarrierContract('embedded carrier', async (t) => {
  const store = await createTestStore(t);
  await setDatabaseTime(store, start);
  return {
    store,
    carrier: createEmbeddedCarrier({ store }),
    announce: (messages) => announce(store, messages),
    another: async () => createEmbeddedCarrier({ store }),
    async kill(carrier) {
      await carrier.close();
      await setDatabaseTime(store, start + 10_001);
    },
  };
});

test('embedded carrier: a claim leaves nothing in the outbox, even where no acknowledgement follows', async (t) => {
  const store = await createTestStore(t);
  const carrier = createEmbeddedCarrier({ store });
  const task = newTask();
  await seedRun(store, { tasks: [task] });
  await assign(store, task.id);
  const [delivery] = await carrier.take(new Map([['openai', 1]]), lanes);
  assert.ok(delivery);
  assert.ok(await claimTask({ store }, delivery.message, 'wrk_1'));
  const rows = await store.transaction('system', (tx) => tx.query('SELECT 1 FROM outbox'));
  assert.equal(rows.length, 0);
});

test('embedded carrier: takers at the same time get different messages', async (t) => {
  const store = await createTestStore(t);
  const carrier = createEmbeddedCarrier({ store });
  const tasks = Array.from({ length: 12 }, (_, index) => newTask({ key: `t${index}` }));
  await seedRun(store, { tasks });
  for (const task of tasks) await assign(store, task.id);
  const slots = new Map([['openai', 3]]);
  const taken = (await Promise.all(tasks.map(() => carrier.take(slots, lanes)))).flat();
  const ids = new Set(taken.map(({ message }) => message.task_id));
  assert.deepEqual([taken.length, ids.size], [tasks.length, tasks.length]);
});
