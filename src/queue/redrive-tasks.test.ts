import assert from 'node:assert/strict';
import test from 'node:test';
import { createTestStore } from '../../test/database.ts';
import { newTask, seedRun } from '../../test/seed-run.ts';
import { redriveTasks } from './redrive-tasks.ts';

test('the dead tasks of a plan live again, but not what the run has gone past', async (t) => {
  const store = await createTestStore(t);
  const work = [newTask({ key: 't1' }), newTask({ key: 't2', kind: 'panel' })];
  const past = [
    newTask({ key: 'clarify', kind: 'clarify' }),
    newTask({ key: 'plan', kind: 'plan' }),
  ];
  const { runId } = await seedRun(store, { tasks: [...past, ...work] });
  const { taskIds } = await store.transaction('system', async (tx) => {
    await tx.query(
      `UPDATE tasks SET status = 'failed', failure = '{"code": "internal", "kind": null, "message": "Gone.", "dead": true}'`,
    );
    return await redriveTasks(tx, runId);
  });
  assert.deepEqual(taskIds.toSorted(), work.map(({ id }) => id).toSorted());
});
