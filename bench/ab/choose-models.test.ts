import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ListedModel } from '../api-client.ts';
import { chooseModels } from './choose-models.ts';

const listed = (id: string, price: number | null): ListedModel => ({
  id,
  headrace: {
    simulated: false,
    context_tokens: 1_000_000,
    max_output_tokens: 64_000,
    output_usd_per_million: price,
  },
});

const models = [
  listed('openai/gpt-6-astra', 75),
  listed('openai/gpt-6-luna', 2),
  listed('anthropic/claude-opus-5-5', 25),
  listed('gemini/gemini-3.1-pro-preview', 12),
  listed('deepseek/deepseek-v4-pro', 4),
  listed('qwen/qwen3.8-flash', 0.4),
  listed('lab/house-model', null),
];

test('the dearest able model stands against the cheapest, and an outsider judges', () => {
  const sides = chooseModels(models, {});
  assert.equal(sides.strong, 'openai/gpt-6-astra');
  assert.equal(sides.cheap, 'qwen/qwen3.8-flash');
  assert.equal(sides.judge, 'anthropic/claude-opus-5-5');
  assert.ok(!sides.graph.some((id) => id.startsWith('anthropic/')));
  assert.equal(sides.graph.length, models.length - 1);
});

test('a family that another host serves is still the same family, and may not judge itself', () => {
  const hosted = [listed('lab/gpt-oss-120b', 1), listed('openai/gpt-6-astra', 75)];
  assert.throws(() => chooseModels(hosted, {}), /family/);
  assert.throws(() => chooseModels(models, { judge: 'openai/gpt-6-luna' }), /family/);
  assert.throws(() => chooseModels(models, { strong: 'openai/gpt-2' }), /No account serves/);
});

test('the family that plans for the graph judges only where no other can', () => {
  const few = models.filter(({ id }) => /^(?:openai|qwen|deepseek)/.test(id));
  assert.equal(chooseModels(few, {}).judge, 'deepseek/deepseek-v4-pro');
});
