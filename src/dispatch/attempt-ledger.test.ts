import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { createTestStore } from '../../test/database.ts';
import { assignAndClaim, newTask, seedRun } from '../../test/seed-run.ts';
import { createAttemptLedger } from './attempt-ledger.ts';
import type { NewAttempt } from './open-attempts.ts';

/** A run with claimed tasks `t1`, `t2`, …, and an attempt for each, as it is before it is opened. */
async function open(t: TestContext, kinds: readonly ('section' | 'judge')[]) {
  const store = await createTestStore(t);
  const tasks = kinds.map((kind, index) => newTask({ key: `t${index + 1}`, kind }));
  const { runId } = await seedRun(store, { tasks });
  const query = <R extends object>(text: string) =>
    store.transaction('system', (tx) => tx.query<R>(text));
  const attempts: NewAttempt[] = [];
  for (const task of tasks) {
    const { fencingToken } = await assignAndClaim(store, task.id);
    attempts.push({
      id: `att_${task.key}`,
      owner: { runId, taskId: task.id, fencingToken },
      ...{ tenantId: 'default', number: 1, provider: 'openai', model: 'gpt', accountId: 'a' },
      ...{ credentialId: 'k1', simulated: false, headroom: 1, waitedMs: 0 },
      ...{ reservedInputTokens: 100, reservedOutputTokens: 50, reservedNanoUsd: 1000 },
    });
  }
  const events = async (type: string) =>
    (
      await query<{ number: number; attempt_id: string; type: string }>(
        'SELECT number, attempt_id, type FROM run_events ORDER BY number',
      )
    ).filter((event) => event.type === type);
  const budget = async () =>
    (await query<Record<string, number>>('SELECT * FROM budgets'))[0] ?? {};
  return { store, ledger: createAttemptLedger(store), attempts, query, events, budget };
}

function endOf({ id, owner }: NewAttempt) {
  const usage = { input: 10, output: 5, cachedInput: 0, cacheWriteInput: 0, reasoning: 0 };
  const billing = { by: 'usage' as const, usage, nanoUsd: 70 };
  return { id, owner, outcome: 'succeeded' as const, failure: null, billing, firstTokenMs: null };
}

it('opens and closes the calls of one moment together, each with its events in their order', async (t) => {
  const { ledger, attempts, events, budget, query } = await open(t, [
    'section',
    'section',
    'judge',
  ]);
  assert.deepEqual(await Promise.all(attempts.map(ledger.open)), ['opened', 'opened', 'opened']);
  const sent = await events('call.sent');
  assert.deepEqual(
    sent.map(({ attempt_id }) => attempt_id),
    ['att_t1', 'att_t2', 'att_t3'],
  );
  const together = sent.map(({ number }) => number - (sent[0]?.number ?? 0));
  assert.deepEqual(together, [0, 4, 8]);
  assert.deepEqual((await budget())['reserved_nano_usd'], 3000);
  assert.deepEqual(
    await Promise.all(attempts.map((each) => ledger.close(endOf(each)))),
    [70, 70, 70],
  );
  assert.equal((await events('attempt.ended')).length, 3);
  const after = await budget();
  assert.deepEqual([after['reserved_nano_usd'], after['spent_nano_usd']], [0, 210]);
  assert.deepEqual([after['reserved_tokens'], after['spent_tokens']], [0, 45]);
  const numbers = await query<{ n: number }>('SELECT DISTINCT number AS n FROM attempts');
  assert.deepEqual(numbers, [{ n: 1 }]);
});

it('refuses one call of a moment without refusing its neighbours', async (t) => {
  const { ledger, attempts, events } = await open(t, ['section', 'section', 'section']);
  const stale = attempts.map((attempt, index) =>
    index === 1 ? { ...attempt, owner: { ...attempt.owner, fencingToken: 0 } } : attempt,
  );
  const outcomes = await Promise.allSettled(stale.map(ledger.open));
  assert.deepEqual(
    outcomes.map((each) => (each.status === 'fulfilled' ? each.value : each.reason.code)),
    ['opened', 'conflict', 'opened'],
  );
  assert.equal((await events('call.sent')).length, 2);
});

it('promises no money twice where the budget covers only some calls of a moment', async (t) => {
  const { ledger, attempts, budget, query } = await open(t, ['section', 'section', 'section']);
  await query('UPDATE budgets SET limit_nano_usd = 2500');
  assert.deepEqual(await Promise.all(attempts.map(ledger.open)), ['opened', 'opened', 'held']);
  assert.equal((await budget())['reserved_nano_usd'], 2000);
  assert.equal((await query('SELECT id FROM attempts')).length, 2);
});

it('holds a call without a price against a money budget, whoever calls beside it', async (t) => {
  const { ledger, attempts, query } = await open(t, ['section', 'section']);
  await query('UPDATE budgets SET limit_nano_usd = 100000');
  const unpriced = attempts.map((attempt, index) =>
    index === 0 ? { ...attempt, reservedNanoUsd: null } : attempt,
  );
  const outcomes = await Promise.allSettled(unpriced.map(ledger.open));
  assert.deepEqual(
    outcomes.map((each) => (each.status === 'fulfilled' ? each.value : each.reason.code)),
    ['model_unpriced', 'opened'],
  );
});
