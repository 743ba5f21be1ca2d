import assert from 'node:assert/strict';
import test from 'node:test';
import { createTestStore } from '../../test/database.ts';
import { newTask, seedRun } from '../../test/seed-run.ts';
import { readTask, readTasks } from './read-tasks.ts';
import { storeTasks } from './store-tasks.ts';

test('tasks are stored in order, counting on from those stored before', async (t) => {
  const store = await createTestStore(t);
  const run = await seedRun(store, { tasks: [newTask({ key: 'a' }), newTask({ key: 'b' })] });
  const later = [newTask({ key: 'c' }), newTask({ key: 'd' })];
  await store.transaction('system', (tx) => storeTasks(tx, run, later));
  const tasks = await store.transaction('system', (tx) => readTasks(tx, run.runId));
  assert.deepEqual(
    tasks.map(({ ordinal, key }) => [ordinal, key]),
    [
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
      [4, 'd'],
    ],
  );
});

test('a task is read back as it was stored', async (t) => {
  const store = await createTestStore(t);
  const first = newTask({ key: 't1' });
  const second = newTask({
    key: 't2',
    kind: 'file',
    title: 'Bánh xe nước',
    dependsOn: [{ id: first.id, uses: 'the measures' }],
    acceptance: ['Names "both" measures'],
    rework: [{ criterion: 'Has a table', fix: 'Add one' }],
    artifactPath: 'docs/wheel.md',
    outputSchema: { type: 'object', properties: { a: { type: 'integer' } } },
    models: ['openai/a', 'qwen/b'],
    supersedes: first.id,
    lane: 'batch',
    required: false,
    criticalPath: 1234.4,
    status: 'pending',
  });
  const run = await seedRun(store, { tasks: [first, second] });
  const read = await store.transaction('system', (tx) => readTask(tx, second.id));
  assert.ok(read);
  for (const [key, value] of Object.entries({ ...second, criticalPath: 1234 })) {
    assert.deepEqual(read[key as keyof typeof read], value, key);
  }
  assert.equal(read.runId, run.runId);
  assert.equal(read.readyAt, null);
  assert.equal(read.output, null);
});

test('every stored task is an event of step 7 with what a plan view shows', async (t) => {
  const store = await createTestStore(t);
  const run = await seedRun(store);
  const task = newTask({ models: ['openai/a'] });
  const { events } = await store.transaction('system', (tx) => storeTasks(tx, run, [task]));
  assert.deepEqual(events, [
    {
      type: 'task.stored',
      taskId: task.id,
      data: {
        key: 't1',
        title: 'The wheel',
        kind: 'section',
        lane: 'standard',
        depends_on: [],
        models: ['openai/a'],
        status: 'ready',
      },
    },
  ]);
});

test('a tenant does not see the tasks of another', async (t) => {
  const store = await createTestStore(t);
  const task = newTask();
  const run = await seedRun(store, { tasks: [task] });
  const seen = await store.transaction({ tenantId: 'somebody-else' }, (tx) =>
    readTask(tx, task.id),
  );
  assert.equal(seen, null);
  const own = await store.transaction({ tenantId: run.tenantId }, (tx) => readTask(tx, task.id));
  assert.equal(own?.id, task.id);
});
