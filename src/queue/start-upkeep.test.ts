import assert from 'node:assert/strict';
import test from 'node:test';
import { createTestStore } from '../../test/database.ts';
import { assign, newTask, seedRun, setDatabaseTime } from '../../test/seed-run.ts';
import { silentLog } from '../platform/log.ts';
import { createManualClock } from '../platform/manual-clock.ts';
import type { Carrier } from './carrier.ts';
import { createEmbeddedCarrier } from './embedded/embedded-carrier.ts';
import { startUpkeep } from './start-upkeep.ts';
import type { TaskMessage } from './task.ts';

const start = Date.UTC(2026, 0, 1);

test('upkeep sweeps every five seconds', async (t) => {
  const store = await createTestStore(t);
  await setDatabaseTime(store, start);
  const clock = createManualClock();
  const task = newTask();
  await seedRun(store, { tasks: [task] });
  await assign(store, task.id);
  const carrier = createEmbeddedCarrier({ store });
  const upkeep = startUpkeep({ store, carrier, clock, log: silentLog });
  await setDatabaseTime(store, start + 30_001);
  const heard = new Promise((resolve) => store.listen('task', resolve));
  await clock.advance(5_000);
  await heard;
  await upkeep.stop();
  const [row] = await store.transaction('system', (tx) => tx.query('SELECT status FROM tasks'));
  assert.equal(row?.['status'], 'ready');
});

test('upkeep feeds a carrier that does not read the outbox, as soon as it is hinted, and outlives a broker that is away', async (t) => {
  const store = await createTestStore(t);
  const clock = createManualClock();
  const published: TaskMessage[] = [];
  const tries = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let calls = 0;
  const carrier: Carrier = {
    flags: { readsOutbox: false },
    async publish(messages) {
      calls += 1;
      tries[calls - 1]?.resolve();
      if (calls === 1) throw new Error('away');
      published.push(...messages);
    },
    take: async () => null,
    watch: () => () => {},
    close: async () => {},
  };
  const upkeep = startUpkeep({ store, carrier, clock, log: silentLog });
  const task = newTask();
  await seedRun(store, { tasks: [task] });
  await assign(store, task.id);
  store.notify('task', 'openai');
  await tries[0]?.promise;
  while (published.length === 0) {
    await clock.advance(250);
    await store.ping();
  }
  await upkeep.stop();
  assert.deepEqual(
    published.map((message) => message.task_id),
    [task.id],
  );
});
