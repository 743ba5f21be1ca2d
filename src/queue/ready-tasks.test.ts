import assert from 'node:assert/strict';
import test from 'node:test';
import { createTestStore } from '../../test/database.ts';
import { newTask, seedRun, setDatabaseTime } from '../../test/seed-run.ts';
import type { Store } from '../platform/store/store.ts';
import { ageingStepMs } from './lane-weights.ts';
import { readyTasks } from './ready-tasks.ts';

const start = Date.UTC(2026, 0, 1);

async function readyKeys(store: Store): Promise<string[]> {
  const tasks = await store.transaction('system', (tx) => readyTasks(tx));
  return tasks.map((task) => task.key);
}

test('candidates come by lane, then by the longest chain of dependants', async (t) => {
  const store = await createTestStore(t);
  await setDatabaseTime(store, start);
  await seedRun(store, {
    tasks: [
      newTask({ key: 'batch-long', lane: 'batch', criticalPath: 9_000 }),
      newTask({ key: 'short', criticalPath: 100 }),
      newTask({ key: 'long', criticalPath: 5_000 }),
      newTask({ key: 'urgent', lane: 'priority', criticalPath: 1 }),
    ],
  });
  assert.deepEqual(await readyKeys(store), ['urgent', 'long', 'short', 'batch-long']);
});

test('age outweighs the lane in the end, so that no lane starves', async (t) => {
  const store = await createTestStore(t);
  await setDatabaseTime(store, start);
  await seedRun(store, { tasks: [newTask({ key: 'old-batch', lane: 'batch' })] });
  await setDatabaseTime(store, start + 6 * ageingStepMs);
  await seedRun(store, { tasks: [newTask({ key: 'new-priority', lane: 'priority' })] });
  assert.deepEqual(await readyKeys(store), ['old-batch', 'new-priority']);
});

test('only work that can start now is a candidate', async (t) => {
  const store = await createTestStore(t);
  await seedRun(store, {
    tasks: [
      newTask({ key: 'work' }),
      newTask({ key: 'pending', status: 'pending' }),
      newTask({ key: 'control', kind: 'judge' }),
    ],
  });
  await seedRun(store, { status: 'paused', tasks: [newTask({ key: 'paused' })] });
  assert.deepEqual(await readyKeys(store), ['work']);
});

test('candidates of all runs stand in one line', async (t) => {
  const store = await createTestStore(t);
  await setDatabaseTime(store, start);
  await seedRun(store, { tasks: [newTask({ key: 'a', criticalPath: 1 })] });
  await seedRun(store, { tasks: [newTask({ key: 'b', criticalPath: 2 })] });
  assert.deepEqual(await readyKeys(store), ['b', 'a']);
});
