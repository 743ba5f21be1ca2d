import assert from 'node:assert/strict';
import test from 'node:test';
import { fakeDispatch } from '../../test/fake-dispatch.ts';
import { newTask, seedRun } from '../../test/seed-run.ts';
import { callUntilAborted, gate, handedBack, setUpWorkers } from '../../test/set-up-workers.ts';
import type { CallOrder } from '../dispatch/index.ts';
import { createManualClock } from '../platform/manual-clock.ts';
import { settleTasks } from '../queue/index.ts';

test('a cancelled task loses its call by hint, and within a second without one', async (t) => {
  const setting = await setUpWorkers(t);
  const clock = createManualClock();
  const tasks = [newTask({ key: 'a' }), newTask({ key: 'b' })];
  const run = await seedRun(setting.store, { tasks });
  const called = gate();
  const aborted: string[] = [];
  const firstAborted = gate();
  const dispatch = fakeDispatch(async (order) => {
    if (dispatch.orders.length === 2) called.resolve();
    return await callUntilAborted(order).finally(() => {
      if ('taskId' in order.owner) aborted.push(order.owner.taskId);
      firstAborted.resolve();
    });
  });
  setting.start(dispatch, { clock });
  for (const task of tasks) await setting.announce(task.id);
  await called.promise;
  const cancel = (taskId: string) =>
    setting.store.transaction('system', (tx) => settleTasks(tx, [{ taskId, status: 'cancelled' }]));
  await cancel(tasks[0]!.id);
  setting.store.notify('cancel', run.runId);
  await firstAborted.promise;
  assert.deepEqual(aborted, [tasks[0]?.id]);
  await cancel(tasks[1]!.id);
  // As below: the timer of the watch may not be set yet.
  for (let tries = 0; tries < 60 && aborted.length < 2; tries += 1) {
    await clock.advance(1_000);
    await setting.read(tasks[1]!.id);
  }
  assert.equal(aborted.length, 2);
  assert.equal((await setting.read(tasks[1]!.id)).status, 'cancelled');
});

test('a call without a sign of life for ten minutes is given up and retried', async (t) => {
  const setting = await setUpWorkers(t);
  const clock = createManualClock();
  const task = newTask();
  await seedRun(setting.store, { tasks: [task] });
  const called = gate<CallOrder>();
  setting.start(
    fakeDispatch((order) => {
      called.resolve(order);
      return callUntilAborted(order);
    }),
    { clock },
  );
  await setting.announce(task.id);
  const order = await called.promise;
  const minutes = async (count: number) => {
    for (let second = 0; second < count * 60; second += 20) {
      await clock.advance(20_000);
      // The watch's query runs in real time.
      await setting.read(task.id);
    }
  };
  await minutes(9);
  await order.onEvent?.({ type: 'text', text: 'still here' });
  await minutes(9);
  assert.equal(order.signal.aborted, false);
  await minutes(1);
  // The watch sets its next timer when its query has come back, in real time: the clock goes on until then.
  let back = await setting.read(task.id);
  for (let tries = 0; tries < 60 && !handedBack(back); tries += 1) {
    await minutes(1);
    back = await setting.read(task.id);
  }
  assert.ok(handedBack(back));
  assert.equal(back.tries, 1);
});
