import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelInfo } from '../../../test/fake-dispatch.ts';
import type { RunSettings } from '../documents.ts';
import type { BudgetRow } from './budget-row.ts';
import { boundSpeculation, plannableTokens } from './plannable-tokens.ts';

const unlimited: BudgetRow = {
  limit_nano_usd: null,
  limit_tokens: null,
  reserved_nano_usd: 0,
  reserved_tokens: 0,
  spent_nano_usd: 0,
  spent_tokens: 0,
  kept_nano_usd: 0,
  kept_tokens: 0,
};
const settings: RunSettings = {
  models: ['openai/large'],
  orchestrator: null,
  clarify: 'auto',
  approve: 'auto',
  panel: 0,
  budget: { usd: null, tokens: null },
  timeout_ms: 3_600_000,
  lane: 'standard',
  rework: 1,
  temperature: null,
};
const dispatch = {
  models: () => [
    modelInfo('openai/large', { outputUsdPerMillion: 10 }),
    modelInfo('qwen/huge', { outputUsdPerMillion: 1_000 }),
  ],
};

test('without a budget nothing is bounded', () => {
  assert.equal(boundSpeculation(unlimited, settings, dispatch), null);
});

test('a quarter of what a plan may spread may be begun early', () => {
  const budget = {
    ...unlimited,
    limit_tokens: 128_000,
    spent_tokens: 20_000,
    reserved_tokens: 8_000,
    kept_tokens: 40_000,
  };
  assert.equal(boundSpeculation(budget, settings, dispatch), 60_000 / 4);
});

test('of a dollar a plan begins early, though one of its models is dear', () => {
  const models = [0.6, 2, 8, 15, 50].map((price, index) =>
    modelInfo(`openai/m${index}`, { outputUsdPerMillion: price }),
  );
  const budget = { ...unlimited, limit_nano_usd: 1_000_000_000, kept_nano_usd: 400_000_000 };
  assert.equal(boundSpeculation(budget, { models: [] }, { models: () => models }), 75_000 / 4);
});

test('a plan spreads what is left beside the kept part, money counted at the middle price', () => {
  const budget = { ...unlimited, limit_tokens: 50_000, kept_tokens: 20_000 };
  const spent = { ...budget, spent_tokens: 10_000 };
  assert.equal(plannableTokens(spent, settings, dispatch), 20_000);
  const models = [1, 10, 60].map((price, index) =>
    modelInfo(`openai/m${index}`, { outputUsdPerMillion: price }),
  );
  const money = {
    ...unlimited,
    limit_nano_usd: 1_000_000_000,
    kept_nano_usd: 400_000_000,
  };
  assert.equal(plannableTokens(money, { models: [] }, { models: () => models }), 60_000);
  assert.equal(plannableTokens(unlimited, settings, dispatch), null);
});

test('an exhausted budget begins nothing', () => {
  const budget = { ...unlimited, limit_tokens: 10, spent_tokens: 20 };
  assert.equal(boundSpeculation(budget, settings, dispatch), 0);
});
