import assert from 'node:assert/strict';
import test from 'node:test';
import { createTestStore } from '../../test/database.ts';
import { assignAndClaim, newTask, seedRun } from '../../test/seed-run.ts';
import { untilAwaited } from '../../test/until-awaited.ts';
import type { Store } from '../platform/store/store.ts';
import { assignTasks } from './assign-tasks.ts';
import { readTask } from './read-tasks.ts';
import { renewLeases } from './renew-leases.ts';
import { withdrawAssigned } from './withdraw-assigned.ts';

/** As a person's pause does it. */
function pause(store: Store, runId: string): Promise<unknown> {
  return store.transaction('system', async (tx) => {
    await tx.query('SELECT 1 FROM runs WHERE id = $1 FOR NO KEY UPDATE', [runId]);
    await withdrawAssigned(tx, runId);
    await tx.query(`UPDATE runs SET status = 'paused', paused_from = status WHERE id = $1`, [
      runId,
    ]);
  });
}

async function statusOf(store: Store, taskId: string) {
  return (await store.transaction('system', (tx) => readTask(tx, taskId)))?.status;
}

test('a run that was paused since its tasks were read is assigned nothing', async (t) => {
  const store = await createTestStore(t);
  const task = newTask();
  const run = await seedRun(store, { tasks: [task] });
  await pause(store, run.runId);
  const wanted = [{ taskId: task.id, provider: 'openai', model: 'openai/model' }];
  const assigned = await store.transaction('system', (tx) => assignTasks(tx, wanted));
  assert.deepEqual(assigned, []);
  assert.equal(await statusOf(store, task.id), 'ready');
});

test('a pause takes back what is being assigned in that moment', async (t) => {
  const store = await createTestStore(t);
  const task = newTask();
  const run = await seedRun(store, { tasks: [task] });
  const wanted = [{ taskId: task.id, provider: 'openai', model: 'openai/model' }];
  const { pausing } = await store.transaction('system', async (tx) => {
    await assignTasks(tx, wanted);
    const begun = pause(store, run.runId);
    // Where nothing makes it wait, it has missed the assignment.
    await Promise.race([begun, untilAwaited(tx)]);
    return { pausing: begun };
  });
  await pausing;
  assert.equal(await statusOf(store, task.id), 'ready');
  const left = await store.transaction('system', (tx) => tx.query('SELECT 1 FROM outbox'));
  assert.equal(left.length, 0);
});

/** Two tasks of a run that lie in the table the other way round than they are numbered. */
async function seedCrossed(store: Store) {
  const tasks = [newTask({ key: 't1' }), newTask({ key: 't2' })] as const;
  const run = await seedRun(store, { tasks: [...tasks] });
  const [first, second] = tasks;
  return { run, first, second };
}

/** Whether `act` leaves the second task alone while it waits for the first. */
async function waitsInOrder(
  store: Store,
  [first, second]: readonly [string, string],
  act: () => Promise<unknown>,
): Promise<void> {
  const { acting } = await store.transaction('system', async (tx) => {
    await tx.query('SELECT 1 FROM tasks WHERE id = $1 FOR NO KEY UPDATE', [first]);
    const begun = act();
    begun.catch(() => undefined);
    await untilAwaited(tx);
    await tx.query('SELECT 1 FROM tasks WHERE id = $1 FOR NO KEY UPDATE NOWAIT', [second]);
    return { acting: begun };
  });
  await acting;
}

test('assignments are withdrawn in the order in which others lock the tasks of a run', async (t) => {
  const store = await createTestStore(t);
  const { run, first, second } = await seedCrossed(store);
  for (const { id } of [second, first]) {
    const wanted = [{ taskId: id, provider: 'openai', model: 'openai/model' }];
    await store.transaction('system', (tx) => assignTasks(tx, wanted));
  }
  await waitsInOrder(store, [first.id, second.id], () =>
    store.transaction('system', (tx) => withdrawAssigned(tx, run.runId)),
  );
  assert.equal(await statusOf(store, second.id), 'ready');
});

test('leases are renewed in the order in which others lock the tasks of a run', async (t) => {
  const store = await createTestStore(t);
  const { first, second } = await seedCrossed(store);
  const later = await assignAndClaim(store, second.id);
  const sooner = await assignAndClaim(store, first.id);
  await waitsInOrder(store, [first.id, second.id], async () => {
    assert.equal((await renewLeases({ store }, [later, sooner])).size, 2);
  });
});
