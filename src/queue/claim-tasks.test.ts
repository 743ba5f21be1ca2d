import assert from 'node:assert/strict';
import test from 'node:test';
import { createTestStore } from '../../test/database.ts';
import {
  assign,
  assignAndClaim,
  claimTask,
  eventTypes,
  newTask,
  seedRun,
  setDatabaseTime,
} from '../../test/seed-run.ts';
import { claimControlTask } from './claim-control-task.ts';
import { claimTasks } from './claim-tasks.ts';
import { heldClaims } from './held-claims.ts';
import { leaseMs } from './queue-deps.ts';
import { renewLeases } from './renew-leases.ts';
import { settleTasks } from './settle-tasks.ts';
import type { TaskMessage } from './task.ts';
import { withdrawAssigned } from './withdraw-assigned.ts';

const start = Date.UTC(2026, 0, 1);

test('a claim leases the task under a fencing token, by the database clock', async (t) => {
  const store = await createTestStore(t);
  await setDatabaseTime(store, start);
  const task = newTask();
  const run = await seedRun(store, { tasks: [task] });
  const claim = await assignAndClaim(store, task.id, { workerId: 'wrk_7' });
  assert.equal(claim.workerId, 'wrk_7');
  assert.equal(claim.leaseUntil, start + leaseMs);
  assert.equal(claim.task.status, 'running');
  assert.equal(claim.task.tries, 1);
  assert.equal(claim.task.startedAt, start);
  assert.ok(claim.fencingToken > 0);
  assert.deepEqual(await eventTypes(store, run.runId), [
    'task.assigned',
    'task.announced',
    'task.queued',
    'task.claimed',
  ]);
});

test('of many claims at the same time exactly one is granted', async (t) => {
  const store = await createTestStore(t);
  const task = newTask();
  await seedRun(store, { tasks: [task] });
  const message = await assign(store, task.id);
  const claims = await Promise.all(
    Array.from({ length: 12 }, (_, index) => claimTask({ store }, message, `wrk_${index}`)),
  );
  assert.equal(claims.filter((claim) => claim !== null).length, 1);
});

test('a message with an older assignment number claims nothing', async (t) => {
  const store = await createTestStore(t);
  const task = newTask();
  const run = await seedRun(store, { tasks: [task] });
  const stale = await assign(store, task.id);
  await store.transaction('system', (tx) => withdrawAssigned(tx, run.runId));
  const fresh = await assign(store, task.id);
  assert.equal(fresh.assignment, stale.assignment + 1);
  assert.equal(await claimTask({ store }, stale, 'wrk_1'), null);
  assert.ok(await claimTask({ store }, fresh, 'wrk_1'));
});

test('what was withdrawn cannot be claimed, and its announcement is gone', async (t) => {
  const store = await createTestStore(t);
  const task = newTask();
  const run = await seedRun(store, { tasks: [task] });
  const message = await assign(store, task.id);
  const { events } = await store.transaction('system', (tx) => withdrawAssigned(tx, run.runId));
  assert.deepEqual(
    events.map((event) => [event.type, event.taskId]),
    [['task.handed_back', task.id]],
  );
  assert.equal(await claimTask({ store }, message, 'wrk_1'), null);
  const left = await store.transaction('system', (tx) => tx.query('SELECT 1 FROM outbox'));
  assert.equal(left.length, 0);
});

test('fencing tokens of one task grow from claim to claim', async (t) => {
  const store = await createTestStore(t);
  const task = newTask();
  const run = await seedRun(store, { tasks: [task] });
  const first = await assignAndClaim(store, task.id);
  await store.transaction('system', (tx) =>
    tx.query(`UPDATE tasks SET status = 'ready' WHERE run_id = $1`, [run.runId]),
  );
  const second = await assignAndClaim(store, task.id);
  assert.ok(second.fencingToken > first.fencingToken);
});

test('a lease is renewed while it is held, and only under its own token', async (t) => {
  const store = await createTestStore(t);
  await setDatabaseTime(store, start);
  const [one, two] = [newTask({ key: 'a' }), newTask({ key: 'b' })];
  await seedRun(store, { tasks: [one, two] });
  const held = await assignAndClaim(store, one.id);
  const cancelled = await assignAndClaim(store, two.id);
  await store.transaction('system', (tx) =>
    settleTasks(tx, [{ taskId: two.id, status: 'cancelled' }]),
  );
  await setDatabaseTime(store, start + 20_000);
  assert.deepEqual(await renewLeases({ store }, [held, cancelled]), new Set([held.fencingToken]));
  const stale = { ...held, fencingToken: 999_999 };
  assert.deepEqual(await renewLeases({ store }, [stale]), new Set());
  const [row] = await store.transaction('system', (tx) =>
    tx.query<{ lease_until: Date }>('SELECT lease_until FROM tasks WHERE id = $1', [one.id]),
  );
  assert.equal(row?.lease_until.getTime(), start + 20_000 + leaseMs);
});

test('a claim is not held any more once its task or its run is cancelled', async (t) => {
  const store = await createTestStore(t);
  const tasks = [newTask({ key: 'a' }), newTask({ key: 'b' })];
  const run = await seedRun(store, { tasks });
  const claims = [];
  for (const task of tasks) claims.push(await assignAndClaim(store, task.id));
  assert.equal((await heldClaims({ store }, claims)).size, 2);
  await store.transaction('system', (tx) =>
    settleTasks(tx, [{ taskId: tasks[0]!.id, status: 'cancelled' }]),
  );
  assert.deepEqual(await heldClaims({ store }, claims), new Set([claims[1]!.fencingToken]));
  await store.transaction('system', (tx) =>
    tx.query(`UPDATE runs SET status = 'cancelled' WHERE id = $1`, [run.runId]),
  );
  assert.equal((await heldClaims({ store }, claims)).size, 0);
});

test('orchestrators share control tasks among them, each once, urgent lanes first', async (t) => {
  const store = await createTestStore(t);
  await seedRun(store, {
    tasks: [
      newTask({ key: 'plan', kind: 'plan', lane: 'batch' }),
      newTask({ key: 'judge', kind: 'judge', lane: 'priority' }),
      newTask({ key: 't1', kind: 'section' }),
    ],
  });
  const first = await claimControlTask({ store }, 'orc_1');
  assert.equal(first?.task.kind, 'judge');
  const rest = await Promise.all([1, 2, 3].map((n) => claimControlTask({ store }, `orc_${n}`)));
  assert.deepEqual(
    rest.flatMap((claim) => claim?.task.kind ?? []),
    ['plan'],
  );
});

test('a control task of a paused run, or one that waits, is not claimed', async (t) => {
  const store = await createTestStore(t);
  await setDatabaseTime(store, start);
  await seedRun(store, { status: 'paused', tasks: [newTask({ kind: 'plan' })] });
  const waiting = newTask({ kind: 'merge' });
  await seedRun(store, { tasks: [waiting] });
  await store.transaction('system', (tx) =>
    tx.query(`UPDATE tasks SET not_before = $2 WHERE id = $1`, [
      waiting.id,
      JSON.stringify({ '*': new Date(start + 1_000) }),
    ]),
  );
  assert.equal(await claimControlTask({ store }, 'orc_1'), null);
  await setDatabaseTime(store, start + 1_000);
  assert.equal((await claimControlTask({ store }, 'orc_1'))?.task.id, waiting.id);
});

test('claims of one moment share a transaction, and a stale one among them is left out', async (t) => {
  const store = await createTestStore(t);
  const tasks = ['a', 'b', 'c'].map((key) => newTask({ key }));
  const { runId } = await seedRun(store, { tasks });
  const messages: TaskMessage[] = [];
  for (const task of tasks) messages.push(await assign(store, task.id));
  const [first, second, third] = messages as [TaskMessage, TaskMessage, TaskMessage];
  await claimTask({ store }, second, 'wrk_other');
  const claims = await claimTasks({ store }, [third, first, second, first], 'wrk_1');
  assert.deepEqual(
    claims.map(({ task, workerId }) => [task.key, task.status, task.tries, workerId]),
    [
      ['a', 'running', 1, 'wrk_1'],
      ['c', 'running', 1, 'wrk_1'],
    ],
  );
  assert.equal(new Set(claims.map(({ fencingToken }) => fencingToken)).size, 2);
  const claimed = (await eventTypes(store, runId)).filter((type) => type === 'task.claimed');
  assert.equal(claimed.length, 3);
  const outbox = await store.transaction('system', (tx) => tx.query('SELECT 1 FROM outbox'));
  assert.equal(outbox.length, 0);
});
