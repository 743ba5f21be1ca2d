import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { createTestStore } from '../../test/database.ts';
import { assign, claimTask, newTask, seedRun } from '../../test/seed-run.ts';
import { readTask } from './read-tasks.ts';
import { redriveTasks } from './redrive-tasks.ts';
import { settleTasks } from './settle-tasks.ts';
import type { TaskChange, TaskStatus } from './task.ts';

const statuses: TaskStatus[] = [
  'pending',
  'ready',
  'assigned',
  'running',
  'succeeded',
  'failed',
  'superseded',
  'cancelled',
];
const allowed: Record<TaskChange['status'], TaskStatus[]> = {
  ready: ['pending'],
  superseded: ['pending', 'ready', 'assigned', 'succeeded', 'failed'],
  cancelled: ['pending', 'ready', 'assigned', 'running'],
};

test('a task changes only where its state allows it, and only then there is an event', async (t) => {
  const store = await createTestStore(t);
  const changes = fc.array(
    fc.record({
      from: fc.constantFrom(...statuses),
      to: fc.constantFrom<TaskChange['status']>('ready', 'superseded', 'cancelled'),
    }),
    { minLength: 1, maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(changes, async (wanted) => {
      const tasks = wanted.map((_, index) => newTask({ key: `t${index}` }));
      await seedRun(store, { tasks });
      const settled = await store.transaction('system', async (tx) => {
        for (const [index, { from }] of wanted.entries()) {
          await tx.query('UPDATE tasks SET status = $2 WHERE id = $1', [tasks[index]?.id, from]);
        }
        return settleTasks(
          tx,
          wanted.map(({ to }, index) => ({ taskId: tasks[index]!.id, status: to, reason: 'why' })),
        );
      });
      const moved = wanted.flatMap(({ from, to }, index) =>
        allowed[to].includes(from) ? [[tasks[index]?.id, `task.${to}`]] : [],
      );
      assert.deepEqual(
        settled.events.map((event) => [event.taskId, event.type]),
        moved,
      );
    }),
    { numRuns: 20 },
  );
});

test('a cancelled assignment can be claimed by nobody', async (t) => {
  const store = await createTestStore(t);
  const task = newTask();
  await seedRun(store, { tasks: [task] });
  const message = await assign(store, task.id);
  await store.transaction('system', (tx) =>
    settleTasks(tx, [{ taskId: task.id, status: 'cancelled' }]),
  );
  assert.equal(await claimTask({ store }, message, 'wrk_1'), null);
  const left = await store.transaction('system', (tx) => tx.query('SELECT 1 FROM outbox'));
  assert.equal(left.length, 0);
});

test('redriving gives dead tasks a new life and leaves other failures alone', async (t) => {
  const store = await createTestStore(t);
  const [dead, failed] = [newTask({ key: 'dead' }), newTask({ key: 'failed' })];
  const run = await seedRun(store, { tasks: [dead, failed] });
  await store.transaction('system', async (tx) => {
    for (const [id, isDead] of [
      [dead.id, true],
      [failed.id, false],
    ] as const) {
      await tx.query(
        `UPDATE tasks SET status = 'failed', failure = $2, tries = 5, refusals = 3, finished_at = headrace_now() WHERE id = $1`,
        [id, JSON.stringify({ code: 'upstream_failed', kind: null, message: '', dead: isDead })],
      );
    }
  });
  const redriven = await store.transaction('system', (tx) => redriveTasks(tx, run.runId));
  assert.deepEqual(redriven.taskIds, [dead.id]);
  assert.deepEqual(
    redriven.events.map((event) => event.type),
    ['task.redriven'],
  );
  const read = await store.transaction('system', (tx) => readTask(tx, dead.id));
  assert.equal(read?.status, 'ready');
  assert.deepEqual(
    [read?.tries, read?.refusals, read?.failure, read?.finishedAt],
    [0, 0, null, null],
  );
  const again = await store.transaction('system', (tx) => redriveTasks(tx, run.runId));
  assert.deepEqual(again.taskIds, []);
});
