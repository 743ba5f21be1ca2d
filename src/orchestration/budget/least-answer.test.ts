import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { modelInfo } from '../../../test/fake-dispatch.ts';
import { fitAnswer, fittedBytes, leastAnswer, leastTaskTokens } from './least-answer.ts';
import { payableOutput } from './payable-output.ts';

const priced = (id: string, input: number, output: number) =>
  modelInfo(id, { dearestUsdPerMillion: { input, output } });
const cheap = priced('qwen/flash', 0.1, 0.4);
const dear = priced('openai/large', 10, 40);

test('the least is one short answer at the cheapest model, each byte of its prompt taken for a token', () => {
  assert.deepEqual(leastAnswer(3_000, [dear, cheap]), {
    tokens: 3_000 + leastTaskTokens,
    nanoUsd: 3_000 * 100 + leastTaskTokens * 400,
    model: 'qwen/flash',
  });
  const free = modelInfo('local/any', { dearestUsdPerMillion: null });
  assert.deepEqual(leastAnswer(10, [free]), { tokens: 310, nanoUsd: null, model: null });
});

test('a brief beyond every window costs what a window holds', () => {
  const small = modelInfo('local/small', { contextTokens: 8_000 });
  assert.ok(leastAnswer(1_000_000, [small]).tokens < 8_000 * 3);
});

const payables = fc.record({
  tokens: fc.option(fc.integer({ min: 3_000 + leastTaskTokens, max: 200_000 })),
  nanoUsd: fc.option(fc.integer({ min: 420_000, max: 2_000_000_000 })),
});

test('what pays for the least pays for the answer as it is then asked for, at each of the models named', () => {
  fc.assert(
    fc.property(payables, (payable) => {
      const models = [dear, cheap];
      const fitted = fitAnswer(3_000, models, { payable, most: 6_000 });
      assert.ok(fitted.maxTokens >= leastTaskTokens && fitted.maxTokens <= 6_000);
      assert.equal(fitted.models.length === 0, payable.nanoUsd === null);
      const asked = models.filter(({ id }) => fitted.models.includes(id));
      for (const model of asked.length > 0 ? asked : models) {
        const room = payableOutput(payable, fittedBytes(3_000, model), model.dearestUsdPerMillion);
        assert.ok(fitted.maxTokens <= room, `${model.id} has room for ${room}`);
      }
    }),
  );
});

test('the ablest model that the money pays comes first', () => {
  const able = { ...dear, tier: 3 as const };
  const weak = { ...cheap, tier: 1 as const };
  const rich = { tokens: null, nanoUsd: 1_000_000_000 };
  assert.deepEqual(fitAnswer(3_000, [weak, able], { payable: rich, most: 6_000 }).models, [
    'openai/large',
    'qwen/flash',
  ]);
});
