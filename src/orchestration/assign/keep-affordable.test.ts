import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelInfo } from '../../../test/fake-dispatch.ts';
import type { PoolHeadroom } from '../../dispatch/index.ts';
import { keepAffordable } from './keep-affordable.ts';

const models = new Map(
  [
    modelInfo('openai/dear', { dearestUsdPerMillion: { input: 5, output: 30 } }),
    modelInfo('qwen/cheap', { dearestUsdPerMillion: { input: 0.1, output: 0.4 } }),
    modelInfo('vllm/unpriced', { dearestUsdPerMillion: null }),
  ].map((model) => [model.id, model]),
);
const pools = [...models.values()].map(
  ({ id, provider }): PoolHeadroom => ({
    provider,
    model: id,
    headroom: 1,
    callsNow: 9,
    waitMs: 0,
  }),
);
const size = { inputBytes: 10_000, outputTokens: 1_000 };
const kept = (payableNanoUsd: number | null) =>
  keepAffordable(pools, { size, payableNanoUsd }, models).map(({ model }) => model);

test('without a budget every pool may serve', () => {
  assert.equal(kept(null).length, 3);
});

test('what is left of the money decides which models may serve', () => {
  assert.deepEqual(kept(100_000_000), ['openai/dear', 'qwen/cheap']);
  assert.deepEqual(kept(20_000_000), ['qwen/cheap']);
});

test('where no model is affordable the call is left to dispatch, which says what is missing', () => {
  assert.equal(kept(1_000).length, 3);
});
