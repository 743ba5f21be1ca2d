import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createEstimates } from './estimates.ts';

function call(more: { tenantId?: string; cap?: number; input?: number } = {}) {
  const { tenantId = 'one', cap = 4096, input = 1000 } = more;
  const size = {
    inputBytes: input * 8,
    inputCharacters: input * 4,
    estimatedInput: input,
    estimatedCachedInput: 0,
    maxOutput: cap,
    predictedOutput: cap,
  };
  return { tenantId, model: 'qwen/m', size };
}

function taught(times = 40) {
  const estimates = createEstimates();
  for (let index = 0; index < times; index += 1) {
    estimates.learn(call(), { input: 1400, output: 100 + 10 * (index % 10) });
  }
  return estimates;
}

it('reserves the cap and the measured input while nothing is known', () => {
  const { cautious, expected } = createEstimates().estimate(call());
  assert.deepEqual([cautious.estimatedInput, cautious.predictedOutput], [1000, 4096]);
  assert.deepEqual([expected.estimatedInput, expected.predictedOutput], [1000, 4096]);
});

it('learns output by its ninth decile, input by what the estimate was wrong by, and both means', () => {
  const { cautious, expected } = taught().estimate(call({ input: 500 }));
  assert.ok(cautious.predictedOutput >= 170 && cautious.predictedOutput <= 220);
  assert.equal(expected.predictedOutput, 145);
  assert.ok(Math.abs(cautious.estimatedInput - 700) < 150, `${cautious.estimatedInput}`);
  assert.ok(Math.abs(expected.estimatedInput - 700) <= 1);
});

it('never reserves more than the cap, nor more input than there are bytes', () => {
  const estimates = taught();
  assert.equal(estimates.estimate(call({ cap: 3000 })).cautious.maxOutput, 3000);
  assert.ok(estimates.estimate(call({ cap: 3000 })).cautious.predictedOutput <= 3000);
  const byBytes = { ...call(), size: { ...call().size, inputBytes: 900 } };
  assert.equal(estimates.estimate(byBytes).cautious.estimatedInput, 900);
});

it('begins a new tenant with what others showed of the model, and a cap of another magnitude anew', () => {
  const estimates = taught();
  assert.ok(estimates.estimate(call({ tenantId: 'new' })).cautious.predictedOutput < 250);
  assert.equal(estimates.estimate(call({ cap: 64_000 })).cautious.predictedOutput, 64_000);
});

it('keeps tenants apart once each has shown enough', () => {
  const estimates = taught();
  for (let index = 0; index < 40; index += 1) {
    estimates.learn(call({ tenantId: 'long' }), { input: 1000, output: 4000 });
  }
  assert.ok(estimates.estimate(call({ tenantId: 'long' })).cautious.predictedOutput > 2500);
  assert.ok(estimates.estimate(call()).cautious.predictedOutput < 250);
});
