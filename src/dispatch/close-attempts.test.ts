import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { createTestStore } from '../../test/database.ts';
import { assignAndClaim, newTask, seedRun } from '../../test/seed-run.ts';
import { type AttemptEnd, closeAttempts } from './close-attempts.ts';
import { openAttempts } from './open-attempts.ts';

async function open(t: TestContext) {
  const store = await createTestStore(t);
  const task = newTask();
  const { runId } = await seedRun(store, { tasks: [task] });
  const claim = await assignAndClaim(store, task.id);
  const owner = { runId, taskId: task.id, fencingToken: claim.fencingToken };
  await openAttempts(store, [
    {
      id: 'att_1',
      owner,
      tenantId: 'default',
      number: 1,
      provider: 'openai',
      model: 'gpt',
      accountId: 'a',
      credentialId: 'k1',
      simulated: false,
      reservedInputTokens: 1000,
      reservedOutputTokens: 500,
      reservedNanoUsd: 9000,
      headroom: 1,
      waitedMs: 0,
    },
  ]);
  const end = (more: Partial<AttemptEnd> = {}): AttemptEnd => ({
    id: 'att_1',
    owner,
    outcome: 'succeeded',
    failure: null,
    billing: {
      by: 'usage',
      usage: { input: 100, output: 50, cachedInput: 10, cacheWriteInput: 0, reasoning: 20 },
      nanoUsd: 700,
    },
    firstTokenMs: 40,
    ...more,
  });
  const query = <R extends object>(text: string) =>
    store.transaction('system', (tx) => tx.query<R>(text));
  const budget = async () => {
    const [row] = await query<Record<string, number>>(
      'SELECT reserved_nano_usd, reserved_tokens, spent_nano_usd, spent_tokens FROM budgets',
    );
    return Object.values(row ?? {});
  };
  return { store, end, query, budget };
}

const ended = "SELECT data FROM run_events WHERE type = 'attempt.ended'";

it('settles once, whoever repeats it', async (t) => {
  const { store, end, query, budget } = await open(t);
  assert.deepEqual(await budget(), [9000, 1500, 0, 0]);
  const reserved = end({ outcome: 'failed', billing: { by: 'reserved' } });
  const costs = await Promise.all([
    closeAttempts(store, [end()]),
    closeAttempts(store, [end(), reserved]),
    closeAttempts(store, [reserved]),
  ]);
  assert.equal(costs.flat().length, 4);
  assert.equal(new Set(costs.flat()).size, 1);
  assert.equal((await query(ended)).length, 1);
  const [reservedNano, reservedTokens] = await budget();
  assert.deepEqual([reservedNano, reservedTokens], [0, 0]);
  const [row] = await query<{ cost_nano_usd: number }>('SELECT cost_nano_usd FROM attempts');
  assert.equal((await budget())[2], row?.cost_nano_usd);
});

it('lets a late word replace what a sweeper took for unknown, once', async (t) => {
  const { store, end, query, budget } = await open(t);
  // As the queue's sweeper does it for a worker that was gone.
  await query(`UPDATE attempts SET outcome = 'unknown', finished_at = headrace_now(),
    input_tokens = 1000, output_tokens = 500, cost_nano_usd = 9000`);
  await query(`UPDATE budgets SET reserved_nano_usd = 0, reserved_tokens = 0,
    spent_nano_usd = 9000, spent_tokens = 1500`);
  await closeAttempts(store, [end()]);
  assert.deepEqual(await budget(), [0, 0, 700, 150]);
  await closeAttempts(store, [end({ billing: { by: 'reserved' } })]);
  assert.deepEqual(await budget(), [0, 0, 700, 150]);
});

it('writes nothing into the record of a run that has ended', async (t) => {
  const { store, end, query, budget } = await open(t);
  await query("UPDATE runs SET status = 'cancelled', finished_at = headrace_now()");
  await closeAttempts(store, [end()]);
  assert.deepEqual(await query(ended), []);
  assert.deepEqual(await budget(), [0, 0, 700, 150]);
});

it('counts nothing for a refusal and everything reserved for a call of unknown cost', async (t) => {
  const refused = await open(t);
  await closeAttempts(refused.store, [
    refused.end({ outcome: 'failed', billing: { by: 'nothing' } }),
  ]);
  assert.deepEqual(await refused.budget(), [0, 0, 0, 0]);
  const cut = await open(t);
  await closeAttempts(cut.store, [cut.end({ outcome: 'failed', billing: { by: 'reserved' } })]);
  assert.deepEqual(await cut.budget(), [0, 0, 9000, 1500]);
});
