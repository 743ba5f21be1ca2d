import assert from 'node:assert/strict';
import { readTasks } from '../../src/queue/index.ts';
import type { World } from './model-world.ts';

/** The stored tasks are those of the model. */
export async function checkAgainstModel(world: World): Promise<void> {
  const tasks = await world.store.transaction('system', (tx) => readTasks(tx, world.runId));
  assert.deepEqual(
    tasks.map(({ id, status, assignment, tries, refusals, output }) => ({
      id,
      status,
      assignment,
      tries,
      refusals,
      output,
    })),
    world.tasks.map(({ id, status, assignment, tries, refusals, output }) => ({
      id,
      status,
      assignment,
      tries,
      refusals,
      output,
    })),
  );
}

/** Every task ended once, every attempt was settled once, the budget is their sum, and nothing is announced any more. */
export async function checkPromises(world: World): Promise<void> {
  await checkAgainstModel(world);
  const query = (text: string) =>
    world.store.transaction('system', (tx) => tx.query(text, [world.runId]));
  const endings = await query(
    `SELECT task_id, count(*)::int AS times FROM run_events
     WHERE run_id = $1 AND type IN ('answer.collected', 'task.failed', 'task.cancelled') GROUP BY task_id`,
  );
  assert.deepEqual(
    endings.map((row) => row['times']),
    [1, 1, 1],
  );
  const attempts = await query(
    `SELECT id, outcome, coalesce(cost_nano_usd, 0) AS cost, input_tokens + output_tokens AS tokens
     FROM attempts WHERE run_id = $1`,
  );
  for (const attempt of attempts) {
    assert.notEqual(attempt['outcome'], null, 'no attempt is left open');
    const byDispatch = world.settled.get(String(attempt['id'])) ?? 0;
    assert.equal(byDispatch, attempt['outcome'] === 'unknown' ? 0 : 1);
  }
  const [budget] = await query('SELECT * FROM budgets WHERE run_id = $1');
  const sum = (key: string) => attempts.reduce((total, row) => total + Number(row[key]), 0);
  assert.equal(budget?.['reserved_nano_usd'], 0);
  assert.equal(budget?.['reserved_tokens'], 0);
  assert.equal(budget?.['spent_nano_usd'], sum('cost'), 'the ledger is the sum of the attempts');
  assert.equal(budget?.['spent_tokens'], sum('tokens'));
  const outbox = await query('SELECT 1 FROM outbox WHERE run_id = $1');
  assert.equal(outbox.length, 0, 'nothing is announced that has ended');
}
