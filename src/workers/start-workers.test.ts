import assert from 'node:assert/strict';
import test from 'node:test';
import { fakeDispatch, modelInfo } from '../../test/fake-dispatch.ts';
import { eventTypes, newTask, seedRun } from '../../test/seed-run.ts';
import { callUntilAborted, ended, gate, setUpWorkers } from '../../test/set-up-workers.ts';
import type { Clock } from '../platform/clock.ts';
import { createManualClock } from '../platform/manual-clock.ts';
import type { Store } from '../platform/store/store.ts';
import { type Carrier, liveSlots } from '../queue/index.ts';

test('an announced task is claimed, called under its fencing token, and its answer recorded', async (t) => {
  const setting = await setUpWorkers(t);
  const task = newTask({ maxTokens: 321, lane: 'priority' });
  const run = await seedRun(setting.store, { tasks: [task] });
  const dispatch = fakeDispatch(() => '## The wheel\n\nIt turns.', [modelInfo('openai/model')]);
  const workers = setting.start(dispatch);
  await setting.announce(task.id);
  const done = await setting.until(task.id, ended);
  assert.equal(done.status, 'succeeded');
  assert.equal(done.output, '## The wheel\n\nIt turns.');
  assert.deepEqual(done.outputMeta, {
    provider: 'openai',
    model: 'openai/model',
    account: 'acc',
    finish_reason: 'stop',
  });
  const [order] = dispatch.orders;
  assert.deepEqual(order?.models, ['openai/model']);
  assert.equal(order?.tenantId, run.tenantId);
  assert.equal(order?.lane, 'priority');
  assert.equal(order?.request.maxOutputTokens, 321);
  assert.ok(order && 'fencingToken' in order.owner);
  assert.deepEqual([order.owner.runId, order.owner.taskId], [run.runId, task.id]);
  assert.deepEqual((await eventTypes(setting.store, run.runId)).slice(-2), [
    'task.claimed',
    'answer.collected',
  ]);
  assert.match(workers.workerId, /^wrk_/);
});

test('a provider never has more calls at once than slots, and does not hold up another', async (t) => {
  const setting = await setUpWorkers(t);
  const tasks = Array.from({ length: 7 }, (_, index) => newTask({ key: `t${index}` }));
  await seedRun(setting.store, { tasks });
  const release = gate();
  const running = new Map<string, number>();
  let most = 0;
  const dispatch = fakeDispatch(
    async (order) => {
      const provider = order.models[0]?.split('/')[0] ?? '';
      if (provider === 'qwen') return 'quick';
      running.set(provider, (running.get(provider) ?? 0) + 1);
      most = Math.max(most, running.get(provider) ?? 0);
      await release.promise;
      running.set(provider, (running.get(provider) ?? 0) - 1);
      return 'slow';
    },
    [modelInfo('openai/model'), modelInfo('qwen/model')],
  );
  setting.start(dispatch, { slots: 2 });
  for (const task of tasks.slice(0, 5)) await setting.announce(task.id, 'openai');
  for (const task of tasks.slice(5)) await setting.announce(task.id, 'qwen');
  for (const task of tasks.slice(5)) await setting.until(task.id, ended);
  assert.equal(running.get('openai'), 2);
  release.resolve();
  for (const task of tasks) assert.equal((await setting.until(task.id, ended)).status, 'succeeded');
  assert.equal(most, 2);
});

test('draining lets calls finish, takes nothing more and signs off', async (t) => {
  const setting = await setUpWorkers(t);
  const tasks = [newTask({ key: 'a' }), newTask({ key: 'b' })];
  await seedRun(setting.store, { tasks });
  const called = gate();
  const release = gate();
  const workers = setting.start(
    fakeDispatch(async () => {
      called.resolve();
      await release.promise;
      return 'finished';
    }),
  );
  await setting.announce(tasks[0]!.id);
  await called.promise;
  const drained = workers.drain(60_000);
  await setting.announce(tasks[1]!.id);
  release.resolve();
  await drained;
  assert.equal((await setting.read(tasks[0]!.id)).output, 'finished');
  assert.equal((await setting.read(tasks[1]!.id)).status, 'assigned');
  assert.deepEqual(await setting.store.transaction('system', liveSlots), []);
});

test('what is not finished within the grace is given back unused', async (t) => {
  const setting = await setUpWorkers(t);
  const manual = createManualClock();
  const graceSet = gate();
  // No other timer is set for just so long.
  const graceMs = 4_321;
  const clock: Clock = {
    ...manual,
    setTimer(delayMs, fire) {
      if (delayMs === graceMs) graceSet.resolve();
      return manual.setTimer(delayMs, fire);
    },
  };
  const task = newTask();
  await seedRun(setting.store, { tasks: [task] });
  const called = gate();
  const workers = setting.start(
    fakeDispatch((order) => {
      called.resolve();
      return callUntilAborted(order);
    }),
    { clock },
  );
  await setting.announce(task.id);
  await called.promise;
  const drained = workers.drain(graceMs);
  await graceSet.promise;
  await manual.advance(graceMs);
  await drained;
  const back = await setting.read(task.id);
  assert.equal(back.status, 'ready');
  assert.equal(back.tries, 0);
});

test('a second order to stop ends the grace of the first, also for what is just being claimed', async (t) => {
  const setting = await setUpWorkers(t);
  const task = newTask();
  await seedRun(setting.store, { tasks: [task] });
  const claiming = gate();
  const claimed = gate();
  let held = false;
  const slow: Store = {
    ...setting.store,
    async transaction(scope, work) {
      const value = await setting.store.transaction(scope, work);
      if (!held && (await setting.read(task.id)).status === 'running') {
        held = true;
        claiming.resolve();
        await claimed.promise;
      }
      return value;
    },
  };
  const dispatch = fakeDispatch(() => 'never');
  const workers = setting.start(dispatch, { store: slow });
  await setting.announce(task.id);
  await claiming.promise;
  const drained = workers.drain(600_000);
  const stopped = workers.stop();
  claimed.resolve();
  await Promise.all([drained, stopped]);
  const back = await setting.read(task.id);
  assert.deepEqual([back.status, back.tries], ['ready', 0]);
  assert.equal(dispatch.orders.length, 0);
});

test('a carrier that fails once is asked again at the next poll', async (t) => {
  const setting = await setUpWorkers(t);
  const task = newTask();
  await seedRun(setting.store, { tasks: [task] });
  const clock = createManualClock();
  const failed = gate();
  let takes = 0;
  const carrier: Carrier = {
    ...setting.carrier,
    watch: () => () => {},
    take(free, lanes) {
      takes += 1;
      if (takes > 1) return setting.carrier.take(free, lanes);
      failed.resolve();
      return Promise.reject(new Error('broker away'));
    },
  };
  setting.start(
    fakeDispatch(() => 'done'),
    { carrier, clock },
  );
  await failed.promise;
  await setting.announce(task.id);
  await clock.advance(1_000);
  assert.equal((await setting.until(task.id, ended)).status, 'succeeded');
});

test('two processes share the announced tasks and answer each once', async (t) => {
  const setting = await setUpWorkers(t);
  const tasks = Array.from({ length: 24 }, (_, index) => newTask({ key: `t${index}` }));
  const run = await seedRun(setting.store, { tasks });
  const dispatch = fakeDispatch(() => 'done');
  setting.start(dispatch, { slots: 4 });
  setting.start(dispatch, { slots: 4 });
  for (const task of tasks) await setting.announce(task.id);
  for (const task of tasks) await setting.until(task.id, ended);
  assert.equal(dispatch.orders.length, tasks.length);
  const types = await eventTypes(setting.store, run.runId);
  assert.equal(types.filter((type) => type === 'answer.collected').length, tasks.length);
});
