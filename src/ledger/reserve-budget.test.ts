import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createTestStore } from '../../test/database.ts';
import { seedRun } from '../../test/seed-run.ts';
import type { Store } from '../platform/store/store.ts';
import { type BudgetCost, reserveBudget } from './reserve-budget.ts';
import { settleBudget } from './settle-budget.ts';

interface Limits {
  nanoUsd?: number;
  tokens?: number;
}

async function openBudget(store: Store, limits: Limits): Promise<string> {
  const { runId } = await seedRun(store);
  await store.transaction('system', (tx) =>
    tx.query('UPDATE budgets SET limit_nano_usd = $2, limit_tokens = $3 WHERE run_id = $1', [
      runId,
      limits.nanoUsd ?? null,
      limits.tokens ?? null,
    ]),
  );
  return runId;
}

const reserve = (store: Store, runId: string, cost: BudgetCost) =>
  store.transaction('system', (tx) => reserveBudget(tx, runId, cost));

const read = async (store: Store, runId: string) => {
  const [row] = await store.transaction('system', (tx) =>
    tx.query(
      'SELECT reserved_nano_usd, reserved_tokens, spent_nano_usd, spent_tokens FROM budgets WHERE run_id = $1',
      [runId],
    ),
  );
  return row;
};

it('never promises the same money twice, however many ask at once', async (t) => {
  const store = await createTestStore(t);
  const runId = await openBudget(store, { nanoUsd: 1000 });
  const asked = await Promise.all(
    Array.from({ length: 30 }, () => reserve(store, runId, { nanoUsd: 90, tokens: 5 })),
  );
  assert.equal(asked.filter((answer) => answer === 'reserved').length, 11);
  assert.equal(asked.filter((answer) => answer === 'held').length, 19);
  assert.deepEqual(await read(store, runId), {
    reserved_nano_usd: 990,
    reserved_tokens: 55,
    spent_nano_usd: 0,
    spent_tokens: 0,
  });
});

it('refuses what no settlement of others can make fit, and says how much is left', async (t) => {
  const store = await createTestStore(t);
  const runId = await openBudget(store, { nanoUsd: 1_000_000_000, tokens: 100 });
  await assert.rejects(reserve(store, runId, { nanoUsd: 1_000_000_001, tokens: 1 }), {
    code: 'budget_exhausted',
    message: /1\.0000 USD of the budget are left/,
  });
  await assert.rejects(reserve(store, runId, { nanoUsd: 1, tokens: 101 }), {
    code: 'budget_exhausted',
    message: /100 tokens of the budget are left/,
  });
});

it('refuses a model without a price under a money budget only', async (t) => {
  const store = await createTestStore(t);
  const money = await openBudget(store, { nanoUsd: 1000 });
  await assert.rejects(reserve(store, money, { nanoUsd: null, tokens: 1 }), {
    code: 'model_unpriced',
  });
  const tokens = await openBudget(store, { tokens: 1000 });
  assert.equal(await reserve(store, tokens, { nanoUsd: null, tokens: 1 }), 'reserved');
});

it('gives back what was reserved when the cost is known', async (t) => {
  const store = await createTestStore(t);
  const runId = await openBudget(store, { nanoUsd: 1000 });
  await reserve(store, runId, { nanoUsd: 900, tokens: 50 });
  assert.equal(await reserve(store, runId, { nanoUsd: 200, tokens: 50 }), 'held');
  await store.transaction('system', (tx) =>
    settleBudget(tx, runId, {
      reservedNanoUsd: 900,
      reservedTokens: 50,
      spentNanoUsd: 300,
      spentTokens: 20,
    }),
  );
  assert.equal(await reserve(store, runId, { nanoUsd: 200, tokens: 50 }), 'reserved');
  assert.deepEqual(await read(store, runId), {
    reserved_nano_usd: 200,
    reserved_tokens: 50,
    spent_nano_usd: 300,
    spent_tokens: 20,
  });
});
