import assert from 'node:assert/strict';
import test from 'node:test';
import { createTestStore } from '../../test/database.ts';
import { claimTask, eventTypes, newTask, seedRun, setDatabaseTime } from '../../test/seed-run.ts';
import { appendEvents } from '../platform/store/append-events.ts';
import type { Store } from '../platform/store/store.ts';
import { assignTasks } from './assign-tasks.ts';
import type { Carrier } from './carrier.ts';
import { relayOutbox } from './relay-outbox.ts';
import { settleTasks } from './settle-tasks.ts';
import type { TaskMessage } from './task.ts';

const start = Date.UTC(2026, 0, 1);

function brokerFake(publish: Carrier['publish']): Carrier {
  return {
    flags: { readsOutbox: false },
    publish,
    take: async () => [],
    watch: () => () => {},
    close: async () => {},
  };
}

async function assignRelayed(store: Store, taskId: string): Promise<void> {
  await store.transaction('system', async (tx) => {
    const [assigned] = await assignTasks(tx, [
      { taskId, provider: 'qwen', model: 'qwen/m', relayed: true },
    ]);
    assert.ok(assigned);
    await appendEvents(tx, assigned.runId, assigned.events);
  });
}

test('what waits in the outbox is published once, and announced when the broker has confirmed it', async (t) => {
  const store = await createTestStore(t);
  const tasks = [newTask({ key: 'a' }), newTask({ key: 'b', lane: 'batch' })];
  const run = await seedRun(store, { tasks });
  for (const task of tasks) await assignRelayed(store, task.id);
  const published: TaskMessage[] = [];
  const carrier = brokerFake(async (messages) => {
    published.push(...messages);
  });
  assert.equal(await relayOutbox({ store, carrier }), 2);
  assert.equal(await relayOutbox({ store, carrier }), 0);
  assert.deepEqual(
    published.map(({ task_id, provider, lane, assignment }) => [
      task_id,
      provider,
      lane,
      assignment,
    ]),
    [
      [tasks[0]?.id, 'qwen', 'standard', 1],
      [tasks[1]?.id, 'qwen', 'batch', 1],
    ],
  );
  assert.deepEqual(await eventTypes(store, run.runId), [
    'task.assigned',
    'task.assigned',
    'task.announced',
    'task.queued',
    'task.announced',
    'task.queued',
  ]);
  assert.ok(await claimTask({ store }, published[0]!, 'wrk_1'));
});

test('what a broker did not confirm is published again', async (t) => {
  const store = await createTestStore(t);
  await setDatabaseTime(store, start);
  const task = newTask();
  const run = await seedRun(store, { tasks: [task] });
  await assignRelayed(store, task.id);
  const down = brokerFake(async () => {
    throw new Error('no broker');
  });
  await assert.rejects(relayOutbox({ store, carrier: down }), /no broker/);
  assert.deepEqual(await eventTypes(store, run.runId), ['task.assigned']);
  assert.equal(await relayOutbox({ store, carrier: brokerFake(async () => {}) }), 1);
});

test('what a relay holds when it dies is taken over by another', async (t) => {
  const store = await createTestStore(t);
  await setDatabaseTime(store, start);
  const task = newTask();
  await seedRun(store, { tasks: [task] });
  await assignRelayed(store, task.id);
  let reached: () => void = () => {};
  const publishing = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const hanging = brokerFake(async () => {
    reached();
    await new Promise(() => {});
  });
  void relayOutbox({ store, carrier: hanging });
  await publishing;
  const up = brokerFake(async () => {});
  assert.equal(await relayOutbox({ store, carrier: up }), 0);
  await setDatabaseTime(store, start + 15_000);
  assert.equal(await relayOutbox({ store, carrier: up }), 1);
});

test('a carrier that reads the outbox itself is relayed nothing', async (t) => {
  const store = await createTestStore(t);
  const task = newTask();
  await seedRun(store, { tasks: [task] });
  await assignRelayed(store, task.id);
  const carrier: Carrier = { ...brokerFake(async () => {}), flags: { readsOutbox: true } };
  assert.equal(await relayOutbox({ store, carrier }), 0);
});

test('nothing is told of an announcement after the end of its run', async (t) => {
  const store = await createTestStore(t);
  const task = newTask();
  const run = await seedRun(store, { tasks: [task] });
  await assignRelayed(store, task.id);
  const carrier = brokerFake(() =>
    store.transaction('system', async (tx) => {
      await tx.query('SELECT 1 FROM runs WHERE id = $1 FOR NO KEY UPDATE', [run.runId]);
      const { events } = await settleTasks(tx, [{ taskId: task.id, status: 'cancelled' }]);
      await tx.query(
        `UPDATE runs SET status = 'cancelled', finished_at = headrace_now() WHERE id = $1`,
        [run.runId],
      );
      await appendEvents(tx, run.runId, [...events, { type: 'run.cancelled' }]);
    }),
  );
  await relayOutbox({ store, carrier });
  assert.deepEqual(await eventTypes(store, run.runId), [
    'task.assigned',
    'task.cancelled',
    'run.cancelled',
  ]);
});
