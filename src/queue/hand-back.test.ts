import assert from 'node:assert/strict';
import test from 'node:test';
import { createTestStore } from '../../test/database.ts';
import {
  assignAndClaim,
  eventTypes,
  newTask,
  seedRun,
  setDatabaseTime,
} from '../../test/seed-run.ts';
import { type HandBack, handBack } from './hand-back.ts';
import { maxTries } from './queue-deps.ts';
import { readTask } from './read-tasks.ts';
import { readyTasks } from './ready-tasks.ts';

const start = Date.UTC(2026, 0, 1);
const refused: HandBack = {
  provider: 'openai',
  waitMs: 5_000,
  cause: 'refused',
  reason: 'no_capacity',
};
const retry: HandBack = {
  provider: 'openai',
  waitMs: 0,
  cause: 'retry',
  reason: 'upstream_failed',
};

test('a refused task is ready again, but not for that provider before the wait is over', async (t) => {
  const store = await createTestStore(t);
  await setDatabaseTime(store, start);
  const task = newTask();
  const run = await seedRun(store, { tasks: [task] });
  const claim = await assignAndClaim(store, task.id);
  const outcome = await handBack({ store }, claim, refused);
  assert.deepEqual(outcome, { accepted: true, status: 'ready' });
  const candidates = () => store.transaction('system', (tx) => readyTasks(tx));
  const [ready] = await candidates();
  assert.equal(ready?.refusals, 1);
  assert.deepEqual(ready?.notBefore, { openai: start + 5_000 });
  assert.deepEqual(ready?.blockedProviders, ['openai']);
  assert.equal((await eventTypes(store, run.runId)).at(-1), 'task.handed_back');
  await setDatabaseTime(store, start + 5_000);
  assert.deepEqual((await candidates())[0]?.blockedProviders, []);
});

test('waits at several providers stand beside each other', async (t) => {
  const store = await createTestStore(t);
  await setDatabaseTime(store, start);
  const task = newTask();
  await seedRun(store, { tasks: [task] });
  await handBack({ store }, await assignAndClaim(store, task.id), refused);
  const claim = await assignAndClaim(store, task.id, { provider: 'qwen' });
  await handBack({ store }, claim, { ...refused, provider: 'qwen', waitMs: 9_000 });
  const [ready] = await store.transaction('system', (tx) => readyTasks(tx));
  assert.deepEqual(ready?.blockedProviders.sort(), ['openai', 'qwen']);
  assert.equal(ready?.refusals, 2);
});

test('a task that waits everywhere is no candidate until then', async (t) => {
  const store = await createTestStore(t);
  await setDatabaseTime(store, start);
  const task = newTask();
  await seedRun(store, { tasks: [task] });
  await handBack({ store }, await assignAndClaim(store, task.id), { ...refused, provider: '*' });
  const candidates = () => store.transaction('system', (tx) => readyTasks(tx));
  assert.equal((await candidates()).length, 0);
  await setDatabaseTime(store, start + 5_000);
  assert.equal((await candidates()).length, 1);
});

test('refusals never kill a task, the last try does', async (t) => {
  const store = await createTestStore(t);
  const task = newTask();
  await seedRun(store, { tasks: [task] });
  for (let turn = 0; turn < maxTries + 2; turn += 1) {
    const claim = await assignAndClaim(store, task.id);
    assert.equal((await handBack({ store }, claim, refused)).status, 'ready');
  }
  const failure = { code: 'upstream_timeout', kind: null, message: 'Too slow.', dead: false };
  const states = [];
  for (let turn = 0; turn < maxTries; turn += 1) {
    const claim = await assignAndClaim(store, task.id);
    states.push((await handBack({ store }, claim, { ...retry, failure })).status);
  }
  assert.deepEqual(states, ['ready', 'ready', 'ready', 'ready', 'failed']);
  const read = await store.transaction('system', (tx) => readTask(tx, task.id));
  assert.equal(read?.failure?.code, 'upstream_timeout');
  assert.equal(read?.failure?.dead, true);
  assert.match(read?.failure?.message ?? '', /5 tries: Too slow/);
});

test('a task that was given back unused has not been tried', async (t) => {
  const store = await createTestStore(t);
  const task = newTask();
  await seedRun(store, { tasks: [task] });
  const claim = await assignAndClaim(store, task.id);
  await handBack({ store }, claim, {
    provider: '*',
    waitMs: 0,
    cause: 'released',
    reason: 'drained',
  });
  const read = await store.transaction('system', (tx) => readTask(tx, task.id));
  assert.equal(read?.tries, 0);
  assert.deepEqual(read?.notBefore, {});
});

test('a stale worker hands nothing back', async (t) => {
  const store = await createTestStore(t);
  const task = newTask();
  await seedRun(store, { tasks: [task] });
  const claim = await assignAndClaim(store, task.id);
  await handBack({ store }, claim, retry);
  await assignAndClaim(store, task.id, { workerId: 'wrk_2' });
  assert.deepEqual(await handBack({ store }, claim, retry), { accepted: false, status: null });
  const read = await store.transaction('system', (tx) => readTask(tx, task.id));
  assert.equal(read?.status, 'running');
});
