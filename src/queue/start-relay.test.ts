import assert from 'node:assert/strict';
import test from 'node:test';
import { createTestStore } from '../../test/database.ts';
import { assign, newTask, seedRun } from '../../test/seed-run.ts';
import { silentLog } from '../platform/log.ts';
import { createManualClock } from '../platform/manual-clock.ts';
import type { Carrier } from './carrier.ts';
import { startRelay } from './start-relay.ts';
import type { TaskMessage } from './task.ts';

test('what is assigned is relayed as soon as it is hinted, and again by poll where the broker was away', async (t) => {
  const store = await createTestStore(t);
  const clock = createManualClock();
  const published: TaskMessage[] = [];
  const firstTry = Promise.withResolvers<void>();
  const carrier: Carrier = {
    flags: { readsOutbox: false },
    async publish(messages) {
      firstTry.resolve();
      if (down) throw new Error('away');
      published.push(...messages);
    },
    take: async () => [],
    watch: () => () => {},
    close: async () => {},
  };
  let down = true;
  const relay = startRelay({ store, carrier, clock, log: silentLog });
  const task = newTask();
  await seedRun(store, { tasks: [task] });
  await assign(store, task.id);
  store.notify('task', 'openai');
  await firstTry.promise;
  down = false;
  while (published.length === 0) {
    await clock.advance(250);
    // The relay's queries run in real time.
    await store.ping();
  }
  await relay.stop();
  assert.deepEqual(
    published.map((message) => message.task_id),
    [task.id],
  );
  assert.equal(clock.nextTimerAt(), undefined);
});
