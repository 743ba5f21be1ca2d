import assert from 'node:assert/strict';
import test from 'node:test';
import { fakeDispatch, modelInfo, outcomeOf } from '../../test/fake-dispatch.ts';
import { newTask, seedRun } from '../../test/seed-run.ts';
import { ended, handedBack, setUpWorkers } from '../../test/set-up-workers.ts';
import type { CallOrder, CallOutcome } from '../dispatch/index.ts';
import { HeadraceError } from '../platform/errors/headrace-error.ts';
import type { Store } from '../platform/store/store.ts';

test('a refusal for want of capacity hands the task back with the wait of the limiter', async (t) => {
  const setting = await setUpWorkers(t);
  const task = newTask();
  await seedRun(setting.store, { tasks: [task] });
  const dispatch = fakeDispatch(() => {
    throw new HeadraceError('no_capacity', { retryAfterMs: 60_000 });
  });
  setting.start(dispatch);
  await setting.announce(task.id);
  const back = await setting.until(task.id, handedBack);
  assert.equal(back.refusals, 1);
  const wait = (back.notBefore['openai'] ?? 0) - Date.now();
  assert.ok(wait > 50_000 && wait <= 60_000, `${wait} ms`);
});

test('from the third refusal on dispatch is told to hold capacity back', async (t) => {
  const setting = await setUpWorkers(t);
  const task = newTask();
  await seedRun(setting.store, { tasks: [task] });
  const dispatch = fakeDispatch(() => {
    if (dispatch.orders.length <= 3) throw new HeadraceError('no_capacity', { retryAfterMs: 0 });
    return 'at last';
  });
  setting.start(dispatch);
  for (let refusals = 1; refusals <= 3; refusals += 1) {
    await setting.announce(task.id);
    await setting.until(task.id, (each) => each.refusals === refusals && handedBack(each));
  }
  await setting.announce(task.id);
  assert.equal((await setting.until(task.id, ended)).status, 'succeeded');
  assert.deepEqual(
    dispatch.orders.map((order) => order.holdsCapacity),
    [false, false, false, true],
  );
});

test('a failure without hope ends the task as dead', async (t) => {
  const setting = await setUpWorkers(t);
  const task = newTask();
  await seedRun(setting.store, { tasks: [task] });
  setting.start(
    fakeDispatch(() => {
      throw new HeadraceError('never_fits', { message: 'It needs 300,000 tokens.' });
    }),
  );
  await setting.announce(task.id);
  const done = await setting.until(task.id, ended);
  assert.deepEqual(done.failure, {
    code: 'never_fits',
    kind: null,
    message: 'It needs 300,000 tokens.',
    dead: true,
  });
});

test('a bug in one slot neither stops the others nor shows its message to anyone', async (t) => {
  const setting = await setUpWorkers(t);
  const tasks = [newTask({ key: 'bad' }), newTask({ key: 'good', title: 'Good' })];
  const run = await seedRun(setting.store, { tasks });
  setting.start(
    fakeDispatch((order) => {
      if (order.request.messages[1]?.content.includes('"Good"')) return 'fine';
      throw new TypeError('sk-secret is not a function');
    }),
  );
  for (const task of tasks) await setting.announce(task.id);
  assert.equal((await setting.until(tasks[1]!.id, ended)).output, 'fine');
  await setting.until(tasks[0]!.id, handedBack);
  const rows = await setting.store.transaction('system', (tx) =>
    tx.query<{ events: string }>(
      'SELECT json_agg(data)::text AS events FROM run_events WHERE run_id = $1',
      [run.runId],
    ),
  );
  assert.doesNotMatch(rows[0]?.events ?? '', /sk-secret/);
});

test('an empty answer is retried, not recorded', async (t) => {
  const setting = await setUpWorkers(t);
  const task = newTask();
  await seedRun(setting.store, { tasks: [task] });
  const dispatch = fakeDispatch(() => (dispatch.orders.length === 1 ? ' \n ' : 'Something.'));
  setting.start(dispatch);
  await setting.announce(task.id);
  await setting.until(task.id, handedBack);
  await setting.announce(task.id);
  const done = await setting.until(task.id, ended);
  assert.equal(done.output, 'Something.');
  assert.equal(done.tries, 2);
});

test('an answer outlives a store that is away when it is to be recorded', async (t) => {
  const setting = await setUpWorkers(t);
  const task = newTask();
  await seedRun(setting.store, { tasks: [task] });
  let failures = 0;
  const answered = { yet: false };
  const flaky: Store = {
    ...setting.store,
    transaction(scope, work) {
      if (answered.yet && failures < 2) {
        failures += 1;
        return Promise.reject(new HeadraceError('store_unavailable'));
      }
      return setting.store.transaction(scope, work);
    },
  };
  const dispatch = fakeDispatch(() => {
    answered.yet = true;
    return 'paid for';
  });
  setting.start(dispatch, { store: flaky });
  await setting.announce(task.id);
  assert.equal((await setting.until(task.id, ended)).output, 'paid for');
  assert.equal(dispatch.orders.length, 1);
  assert.equal(failures, 2);
});

test('a fan-out member sends the prompt as it came, at the temperature asked for', async (t) => {
  const setting = await setUpWorkers(t);
  const task = newTask({ kind: 'member', models: ['openai/model'], maxTokens: 1000 });
  const settings = { temperature: 0.7, max_tokens: 1000 };
  await seedRun(setting.store, { kind: 'fanout', brief: 'Why?', settings, tasks: [task] });
  const dispatch = fakeDispatch(
    () => 'Because.',
    [modelInfo('openai/model'), modelInfo('openai/other')],
  );
  setting.start(dispatch);
  await setting.announce(task.id);
  assert.equal((await setting.until(task.id, ended)).output, 'Because.');
  const [order] = dispatch.orders;
  assert.deepEqual(order?.models, ['openai/model']);
  assert.deepEqual(order?.request.messages, [{ role: 'user', content: 'Why?' }]);
  assert.equal(order?.request.temperature, 0.7);
});

test('a run past its deadline calls nobody', async (t) => {
  const setting = await setUpWorkers(t);
  const task = newTask();
  await seedRun(setting.store, { deadlineAt: new Date(Date.now() - 1_000), tasks: [task] });
  const dispatch = fakeDispatch(() => 'never');
  setting.start(dispatch);
  await setting.announce(task.id);
  const done = await setting.until(task.id, ended);
  assert.equal(done.failure?.code, 'deadline_passed');
  assert.equal(done.failure?.dead, false);
  assert.equal(dispatch.orders.length, 0);
});

test('an answer that broke off is asked for once more with twice the room', async (t) => {
  const setting = await setUpWorkers(t);
  const task = newTask();
  await seedRun(setting.store, { tasks: [task] });
  const dispatch = fakeDispatch(async (order) =>
    dispatch.orders.length === 1 ? cutOff(order, 'It begins and') : 'It begins and ends.',
  );
  setting.start(dispatch);
  await setting.announce(task.id);
  const done = await setting.until(task.id, ended);
  assert.equal(done.output, 'It begins and ends.');
  assert.deepEqual(
    dispatch.orders.map((order) => order.request.maxOutputTokens),
    [task.maxTokens, task.maxTokens * 2],
  );
});

test('an answer that breaks off again is kept and says so', async (t) => {
  const setting = await setUpWorkers(t);
  const task = newTask();
  await seedRun(setting.store, { tasks: [task] });
  const dispatch = fakeDispatch(async (order) => {
    if (dispatch.orders.length > 1) throw new HeadraceError('budget_exhausted');
    return cutOff(order, 'It begins and');
  });
  setting.start(dispatch);
  await setting.announce(task.id);
  const done = await setting.until(task.id, ended);
  assert.equal(done.output, 'It begins and');
  assert.equal(done.outputMeta?.finish_reason, 'length');
});

function cutOff(order: CallOrder, text: string): CallOutcome {
  const outcome = outcomeOf(order, text);
  return { ...outcome, answer: { ...outcome.answer, finishReason: 'length' } };
}
