import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelInfo } from '../../../test/fake-dispatch.ts';
import type { RunSettings } from '../documents.ts';
import { keepForFinishing, reservedTokens } from './keep-for-finishing.ts';

const dispatch = { models: () => [modelInfo('openai/large')] };
const settings = (budget: RunSettings['budget']) =>
  ({ budget, rework: 1, models: [] }) as unknown as RunSettings;

test('a large budget keeps what merging, judging and one rework need, and no more', () => {
  const kept = keepForFinishing(settings({ usd: null, tokens: 10_000_000 }), dispatch);
  assert.deepEqual(kept, { tokens: 2 * reservedTokens({ rework: 1 }), nanoUsd: 0 });
  assert.ok(reservedTokens({ rework: 0 }) < reservedTokens({ rework: 1 }));
});

test('a tight budget keeps a share and leaves most of itself to the work', () => {
  const kept = keepForFinishing(settings({ usd: 0.000_001, tokens: 1_000 }), dispatch);
  assert.deepEqual(kept, { tokens: 400, nanoUsd: 400 });
});

test('until there is a plan a short answer is kept as well, and first', () => {
  const least = { tokens: 300, nanoUsd: 900, model: 'openai/large' };
  const kept = keepForFinishing(settings({ usd: 0.000_001, tokens: 1_000 }), dispatch, least);
  assert.deepEqual(kept, { tokens: 300 + 400, nanoUsd: 900 + 100 });
});

test('without a budget nothing is kept', () => {
  const kept = keepForFinishing(settings({ usd: null, tokens: null }), dispatch);
  assert.deepEqual(kept, { tokens: 0, nanoUsd: 0 });
});
