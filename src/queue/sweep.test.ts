import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { createTestStore } from '../../test/database.ts';
import {
  assign,
  assignAndClaim,
  claimTask,
  eventTypes,
  newTask,
  openAttempt,
  seedRun,
  setDatabaseTime,
} from '../../test/seed-run.ts';
import type { Store } from '../platform/store/store.ts';
import { leaseMs, maxTries } from './queue-deps.ts';
import { readTask } from './read-tasks.ts';
import { recordAnswer } from './record-answers.ts';
import { renewLeases } from './renew-leases.ts';
import { settleTasks } from './settle-tasks.ts';
import { sweep } from './sweep.ts';

const start = Date.UTC(2026, 0, 1);
const meta = { provider: 'openai', model: 'openai/model', account: 'acc', finish_reason: 'stop' };
const none = { lapsed: 0, unclaimed: 0, dead: 0, attempts: 0 };

/** A store whose clock stands at `start` and whose server was started an hour before. */
async function sweptStore(t: TestContext): Promise<Store> {
  const store = await createTestStore(t);
  await setDatabaseTime(store, start);
  await setServerSeen(store, start - 3_600_000);
  return store;
}

async function setServerSeen(store: Store, at: number): Promise<void> {
  await store.transaction('system', async (tx) => {
    await tx.query(
      `INSERT INTO server_starts (postmaster_started_at) VALUES (pg_postmaster_start_time()) ON CONFLICT DO NOTHING`,
    );
    await tx.query('UPDATE server_starts SET seen_at = $1', [new Date(at)]);
  });
}

test('a lapsed lease makes the task ready again and its attempt unknown, costed as reserved', async (t) => {
  const store = await sweptStore(t);
  const task = newTask();
  const run = await seedRun(store, { tasks: [task] });
  const claim = await assignAndClaim(store, task.id);
  const attemptId = await openAttempt(store, claim);
  await setDatabaseTime(store, start + leaseMs + 1);
  assert.deepEqual(await sweep({ store }), { ...none, lapsed: 1, attempts: 1 });
  const [attempt] = await store.transaction('system', (tx) =>
    tx.query('SELECT * FROM attempts WHERE id = $1', [attemptId]),
  );
  assert.equal(attempt?.['outcome'], 'unknown');
  assert.equal(attempt?.['cost_nano_usd'], 5_000);
  assert.equal(attempt?.['input_tokens'], 300);
  assert.equal(attempt?.['output_tokens'], 800);
  const [budget] = await store.transaction('system', (tx) =>
    tx.query(
      `SELECT reserved_nano_usd, reserved_tokens, spent_nano_usd, spent_tokens FROM budgets WHERE run_id = $1`,
      [run.runId],
    ),
  );
  assert.deepEqual(budget, {
    reserved_nano_usd: 0,
    reserved_tokens: 0,
    spent_nano_usd: 5_000,
    spent_tokens: 1_100,
  });
  const read = await store.transaction('system', (tx) => readTask(tx, task.id));
  assert.equal(read?.status, 'ready');
  assert.deepEqual((await eventTypes(store, run.runId)).slice(-2), [
    'task.lease_lapsed',
    'attempt.ended',
  ]);
  const [ended] = await store.transaction('system', (tx) =>
    tx.query('SELECT data FROM run_events WHERE run_id = $1 ORDER BY number DESC LIMIT 1', [
      run.runId,
    ]),
  );
  assert.deepEqual(ended?.['data'], {
    outcome: 'unknown',
    input_tokens: 300,
    output_tokens: 800,
    cost_usd: 0.000005,
  });
  assert.deepEqual(await recordAnswer({ store }, claim, { output: 'late', meta }), {
    accepted: false,
  });
});

test('a renewed lease does not lapse', async (t) => {
  const store = await sweptStore(t);
  const task = newTask();
  await seedRun(store, { tasks: [task] });
  const claim = await assignAndClaim(store, task.id);
  await setDatabaseTime(store, start + leaseMs - 1);
  assert.equal((await renewLeases({ store }, [claim])).size, 1);
  await setDatabaseTime(store, start + leaseMs + 1);
  assert.deepEqual(await sweep({ store }), none);
});

test('within one lease of a start of the database no lease lapses', async (t) => {
  const store = await sweptStore(t);
  const task = newTask();
  await seedRun(store, { tasks: [task] });
  await assignAndClaim(store, task.id);
  const restartedAt = start + 10 * leaseMs;
  await setServerSeen(store, restartedAt);
  await setDatabaseTime(store, restartedAt + leaseMs - 1);
  assert.deepEqual(await sweep({ store }), none);
  await setDatabaseTime(store, restartedAt + leaseMs);
  assert.deepEqual(await sweep({ store }), { ...none, lapsed: 1 });
});

test('an assignment that nobody claims comes back, and its message is stale', async (t) => {
  const store = await sweptStore(t);
  const task = newTask();
  const run = await seedRun(store, { tasks: [task] });
  const stale = await assign(store, task.id);
  await setDatabaseTime(store, start + 30_001);
  assert.deepEqual(await sweep({ store }), { ...none, unclaimed: 1 });
  assert.equal((await eventTypes(store, run.runId)).at(-1), 'task.handed_back');
  assert.equal(await claimTask({ store }, stale, 'wrk_1'), null);
  const fresh = await assign(store, task.id);
  assert.equal(await claimTask({ store }, stale, 'wrk_1'), null);
  assert.ok(await claimTask({ store }, fresh, 'wrk_1'));
});

test('a task whose workers are lost again and again ends as dead', async (t) => {
  const store = await sweptStore(t);
  const task = newTask();
  const run = await seedRun(store, { tasks: [task] });
  let now = start;
  for (let turn = 1; turn <= maxTries; turn += 1) {
    await assignAndClaim(store, task.id);
    now += leaseMs + 1;
    await setDatabaseTime(store, now);
    const dead = turn === maxTries ? 1 : 0;
    assert.deepEqual(await sweep({ store }), { ...none, lapsed: 1, dead });
  }
  const read = await store.transaction('system', (tx) => readTask(tx, task.id));
  assert.equal(read?.status, 'failed');
  assert.equal(read?.failure?.dead, true);
  assert.equal(read?.failure?.kind, 'lease_lapsed');
  const advances = await store.transaction('system', (tx) =>
    tx.query('SELECT 1 FROM advances WHERE run_id = $1', [run.runId]),
  );
  assert.equal(advances.length, 1);
});

test('the open attempt of a cancelled task is closed once its worker had a lease to settle it', async (t) => {
  const store = await sweptStore(t);
  const task = newTask();
  const run = await seedRun(store, { tasks: [task] });
  const claim = await assignAndClaim(store, task.id);
  await openAttempt(store, claim);
  await store.transaction('system', (tx) =>
    settleTasks(tx, [{ taskId: task.id, status: 'cancelled' }]),
  );
  await setDatabaseTime(store, start + leaseMs - 1);
  assert.deepEqual(await sweep({ store }), none);
  await setDatabaseTime(store, start + leaseMs + 1);
  assert.deepEqual(await sweep({ store }), { ...none, attempts: 1 });
  assert.equal((await eventTypes(store, run.runId)).at(-1), 'attempt.ended');
  assert.deepEqual(await sweep({ store }), none);
});

test('nothing of an attempt follows the end of its run, but the ledger has it', async (t) => {
  const store = await sweptStore(t);
  const task = newTask();
  const run = await seedRun(store, { tasks: [task] });
  await openAttempt(store, await assignAndClaim(store, task.id));
  await store.transaction('system', async (tx) => {
    await settleTasks(tx, [{ taskId: task.id, status: 'cancelled' }]);
    await tx.query(
      `UPDATE runs SET status = 'cancelled', finished_at = headrace_now() WHERE id = $1`,
      [run.runId],
    );
  });
  const before = await eventTypes(store, run.runId);
  await setDatabaseTime(store, start + leaseMs + 1);
  assert.deepEqual(await sweep({ store }), { ...none, attempts: 1 });
  assert.deepEqual(await eventTypes(store, run.runId), before);
});

test('a task that cannot be swept keeps no other from being swept', async (t) => {
  const store = await sweptStore(t);
  const [broken, sound] = [newTask({ key: 'broken' }), newTask({ key: 'sound' })];
  await seedRun(store, { tasks: [broken] });
  await seedRun(store, { tasks: [sound] });
  await assign(store, broken.id);
  await setDatabaseTime(store, start + 1);
  await assign(store, sound.id);
  await setDatabaseTime(store, start + 30_002);
  const failing: Store = {
    ...store,
    transaction: (scope, work) =>
      store.transaction(scope, (tx) =>
        work({
          query: (text, values) =>
            values?.[0] === broken.id
              ? Promise.reject(new Error('broken'))
              : tx.query(text, values),
        }),
      ),
  };
  await assert.rejects(sweep({ store: failing }), /broken/);
  const read = await store.transaction('system', (tx) => readTask(tx, sound.id));
  assert.equal(read?.status, 'ready');
});

test('sweepers at the same time bring every task back once', async (t) => {
  const store = await sweptStore(t);
  const tasks = Array.from({ length: 8 }, (_, index) => newTask({ key: `t${index}` }));
  const run = await seedRun(store, { tasks });
  for (const task of tasks) await openAttempt(store, await assignAndClaim(store, task.id));
  await setDatabaseTime(store, start + leaseMs + 1);
  const swept = await Promise.all([1, 2, 3].map(() => sweep({ store })));
  assert.equal(
    swept.reduce((sum, each) => sum + each.lapsed, 0),
    tasks.length,
  );
  const types = await eventTypes(store, run.runId);
  assert.equal(types.filter((type) => type === 'attempt.ended').length, tasks.length);
});
