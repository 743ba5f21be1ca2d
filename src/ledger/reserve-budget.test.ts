import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
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

async function mayReserve(
  store: Store,
  runId: string,
  { tokens, finishing }: { tokens: number; finishing: boolean },
): Promise<boolean> {
  const asked = reserve(store, runId, { tokens, nanoUsd: tokens * 10, finishing });
  const answer = await asked.catch((error: { code: string }) => error.code);
  assert.ok(answer === 'reserved' || answer === 'budget_exhausted', answer);
  return answer === 'reserved';
}

function settle(store: Store, runId: string, call: { tokens: number; taken: number }) {
  return store.transaction('system', (tx) =>
    settleBudget(tx, runId, {
      reservedTokens: call.tokens,
      reservedNanoUsd: call.tokens * 10,
      spentTokens: call.taken,
      spentNanoUsd: call.taken * 10,
    }),
  );
}

it('leaves what is kept for merging and judging, and is never overshot, whatever calls cost', async (t) => {
  const store = await createTestStore(t);
  const call = fc.record({
    tokens: fc.integer({ min: 1, max: 400 }),
    finishing: fc.boolean(),
    /** What of its reservation it really took. */
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 1_000 }),
      fc.array(call, { maxLength: 25 }),
      async (kept, calls) => {
        const runId = await openBudget(store, { nanoUsd: 10_000, tokens: 1_000 });
        await store.transaction('system', (tx) =>
          tx.query(
            'UPDATE budgets SET kept_tokens = $2::bigint, kept_nano_usd = $2::bigint * 10 WHERE run_id = $1',
            [runId, kept],
          ),
        );
        let work = 0;
        let all = 0;
        for (const { tokens, finishing, share } of calls) {
          const reserved = await mayReserve(store, runId, { tokens, finishing });
          const room = (finishing ? 1_000 : 1_000 - kept) - all;
          assert.equal(reserved, tokens <= room, `${tokens} of ${room}`);
          if (!reserved) continue;
          const taken = Math.floor(tokens * share);
          await settle(store, runId, { tokens, taken });
          all += taken;
          work += finishing ? 0 : taken;
        }
        assert.ok(all <= 1_000);
        assert.ok(work <= 1_000 - kept, 'work never takes what is kept');
      },
    ),
    { numRuns: 25, verbose: true },
  );
});

it('keeps less for finishing with every round of judging that ended', async (t) => {
  const store = await createTestStore(t);
  const runId = await openBudget(store, { tokens: 1_000 });
  await store.transaction('system', async (tx) => {
    await tx.query('UPDATE budgets SET kept_tokens = 600 WHERE run_id = $1', [runId]);
  });
  await assert.rejects(reserve(store, runId, { nanoUsd: null, tokens: 500 }), {
    code: 'budget_exhausted',
    message: /400 tokens/,
  });
  await store.transaction('system', (tx) =>
    tx.query('UPDATE runs SET rounds = 1 WHERE id = $1', [runId]),
  );
  assert.equal(await reserve(store, runId, { nanoUsd: null, tokens: 500 }), 'reserved');
});
