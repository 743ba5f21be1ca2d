import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestStore } from '../../../test/database.ts';
import { newTask, seedRun } from '../../../test/seed-run.ts';
import { untilAwaited } from '../../../test/until-awaited.ts';
import { readTasks } from '../../queue/index.ts';
import { lengthenPaths } from './plan-ledger.ts';

test('chains grow in the order in which workers lock the tasks of a run', async (t) => {
  const store = await createTestStore(t);
  const tasks = [newTask({ key: 't1' }), newTask({ key: 't2' })] as const;
  const { runId } = await seedRun(store, { tasks: [...tasks] });
  const [first, second] = tasks;
  // It lies behind the second from now on.
  await store.transaction('system', (tx) =>
    tx.query('UPDATE tasks SET title = title WHERE id = $1', [first.id]),
  );
  const lengths = new Map(tasks.map(({ id }) => [id, 1_600]));
  const { growing } = await store.transaction('system', async (tx) => {
    await tx.query('SELECT 1 FROM tasks WHERE id = $1 FOR NO KEY UPDATE', [first.id]);
    const begun = store.transaction('system', (other) =>
      lengthenPaths(other, [second, first], lengths),
    );
    begun.catch(() => undefined);
    await untilAwaited(tx);
    await tx.query('SELECT 1 FROM tasks WHERE id = $1 FOR NO KEY UPDATE NOWAIT', [second.id]);
    return { growing: begun };
  });
  await growing;
  const grown = await store.transaction('system', (tx) => readTasks(tx, runId));
  assert.deepEqual(
    grown.map(({ criticalPath }) => criticalPath),
    [1_600, 1_600],
  );
});
