import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createTestStore } from '../../../test/database.ts';
import { fakeDispatch, modelInfo } from '../../../test/fake-dispatch.ts';
import { claimTask, eventTypes, newTask, seedRun } from '../../../test/seed-run.ts';
import { lanes } from '../../platform/lanes.ts';
import { silentLog } from '../../platform/log.ts';
import { createManualClock } from '../../platform/manual-clock.ts';
import type { Store } from '../../platform/store/store.ts';
import { createEmbeddedCarrier, heartbeat, type NewTask, recordAnswer } from '../../queue/index.ts';
import { balance as runBalance } from './balance.ts';

const meta = { provider: 'openai', model: 'openai/model', account: 'acc', finish_reason: 'stop' };

/** Ready tasks by key with their critical paths, and workers with these slots; no clock runs by itself. */
async function open(
  t: TestContext,
  given: { slots: Record<string, number>; tasks: readonly Partial<NewTask>[] },
) {
  const store = await createTestStore(t);
  const tasks = given.tasks.map((task) => newTask(task));
  const { runId } = await seedRun(store, { tasks });
  const models = Object.keys(given.slots).map((provider) => modelInfo(`${provider}/model`));
  const beat = (slots: Record<string, number>) =>
    heartbeat({ store }, { id: 'wrk_1', role: 'worker', slots, freeSlots: 0 });
  await beat(given.slots);
  const dispatch = fakeDispatch(() => 'unused', models);
  const config = { orchestrator: null };
  const deps = { store, dispatch, clock: createManualClock(), log: silentLog, config };
  const assigned = async () =>
    (
      await store.transaction('system', (tx) =>
        tx.query<{ key: string; assigned_provider: string }>(
          `SELECT key, assigned_provider FROM tasks WHERE status = 'assigned' ORDER BY key`,
        ),
      )
    ).map((row) => `${row.key} ${row.assigned_provider}`);
  const carrier = createEmbeddedCarrier({ store });
  return { store, runId, deps, beat, assigned, carrier, balance: () => runBalance(deps) };
}

test('with fewer slots than ready tasks the longest chains are begun, and the rest is bound to nobody', async (t) => {
  const { balance, assigned, runId, store } = await open(t, {
    slots: { openai: 2 },
    tasks: [
      { key: 'leaf', criticalPath: 100 },
      { key: 'chain', criticalPath: 9_000 },
      { key: 'branch', criticalPath: 3_000 },
    ],
  });
  assert.equal((await balance()).assigned, 2);
  assert.deepEqual(await assigned(), ['branch openai', 'chain openai']);
  assert.equal((await balance()).assigned, 0);
  const types = await eventTypes(store, runId);
  assert.equal(types.filter((type) => type === 'task.announced').length, 2);
});

test('what waits goes to whichever provider has the first free slot, not to the one that was best before', async (t) => {
  const { balance, assigned, beat } = await open(t, {
    slots: { openai: 1, qwen: 0 },
    tasks: [
      { key: 'chain', criticalPath: 9_000 },
      { key: 'leaf', criticalPath: 100 },
    ],
  });
  await balance();
  assert.deepEqual(await assigned(), ['chain openai']);
  await beat({ openai: 1, qwen: 1 });
  await balance();
  assert.deepEqual(await assigned(), ['chain openai', 'leaf qwen']);
});

test('a slot that becomes free takes what is best then, also if it became ready later', async (t) => {
  const { balance, assigned, carrier, store } = await open(t, {
    slots: { openai: 1 },
    tasks: [
      { key: 'first', criticalPath: 9_000 },
      { key: 'leaf', criticalPath: 100 },
    ],
  });
  await balance();
  const [delivery] = await carrier.take(new Map([['openai', 1]]), lanes);
  const claim = delivery && (await claimTask({ store }, delivery.message, 'wrk_1'));
  assert.ok(claim);
  await seedRun(store, { tasks: [newTask({ key: 'late', criticalPath: 5_000 })] });
  await balance();
  assert.deepEqual(await assigned(), []);
  await recordAnswer({ store }, claim, { output: 'done', meta });
  await balance();
  assert.deepEqual(await assigned(), ['late openai']);
});

test('messages of one round lie in the outbox best first', async (t) => {
  const { balance, carrier } = await open(t, {
    slots: { openai: 3 },
    tasks: [
      { id: 'tsk_leaf', key: 'leaf', criticalPath: 100 },
      { id: 'tsk_chain', key: 'chain', criticalPath: 9_000 },
      { id: 'tsk_branch', key: 'branch', criticalPath: 3_000 },
    ],
  });
  await balance();
  const taken: string[] = [];
  for (let slot = 0; slot < 3; slot += 1) {
    const [delivery] = await carrier.take(new Map([['openai', 1]]), lanes);
    taken.push(delivery?.message.task_id ?? '');
  }
  assert.deepEqual(taken, ['tsk_chain', 'tsk_branch', 'tsk_leaf']);
});

test('a task is not refused for models that a person changed since it was read', async (t) => {
  const { assigned, balance, deps, store } = await open(t, {
    slots: { openai: 1 },
    tasks: [{ key: 'one', models: ['gone/model'] }],
  });
  let opened = 0;
  const patched: Store = {
    ...store,
    async transaction(scope, work, options) {
      opened += 1;
      if (opened === 2) {
        await store.transaction('system', (tx) =>
          tx.query(`UPDATE tasks SET models = '["openai/model"]'`),
        );
      }
      return await store.transaction(scope, work, options);
    },
  };
  await runBalance({ ...deps, store: patched });
  assert.ok(opened >= 2);
  await balance();
  assert.deepEqual(await assigned(), ['one openai']);
});
