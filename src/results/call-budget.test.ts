import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fakeDispatch, modelInfo } from '../../test/fake-dispatch.ts';
import { judgeResult } from './judge.ts';
import type { AnsweredTask, CallBudget, ResultsDeps } from './results.ts';

const rates = { input: 6.25, output: 30 };

const task = (output: string): AnsweredTask => ({
  ...{ id: 't1', key: 't1', title: 'Wheel', kind: 'section', instruction: '', acceptance: [] },
  ...{ artifactPath: null, dependsOn: [], required: true, failure: null, model: null },
  ...{ confidence: null, output },
});

/** What the largest call of a judgement takes of a budget: bytes of input and the cap of its answer. */
async function measureJudge(callBudget: CallBudget | null, bytes: number) {
  const dispatch = fakeDispatch(
    () => '{"criteria":[]}',
    [
      modelInfo('openai/large', { dearestUsdPerMillion: rates }),
      modelInfo('openai/unused', { dearestUsdPerMillion: { input: 500, output: 5_000 } }),
    ],
  );
  const deps: ResultsDeps = {
    ...{ dispatch, models: ['openai/large'], callBudget },
    call: {
      ...{ tenantId: 'default', lane: 'standard', owner: { requestId: 'req_1' } },
      ...{ deadlineAt: Number.POSITIVE_INFINITY, signal: new AbortController().signal },
    },
  };
  const output = 'The wheel turns by the water.\n\n'.repeat(Math.ceil(bytes / 31));
  const commission = { brief: 'Describe the wheel.', clarifications: [], criteria: ['It turns.'] };
  await judgeResult(deps, {
    commission,
    tasks: [task(output)],
    merge: { result: output, artifacts: [], conflicts: [] },
  });
  const sizes = dispatch.orders.map(({ request }) => ({
    input: request.messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0),
    output: request.maxOutputTokens,
  }));
  return sizes[0] ?? { input: 0, output: 0 };
}

test('without a budget a judge reads the whole result and may say all it wants', async () => {
  const size = await measureJudge(null, 60_000);
  assert.ok(size.input > 60_000);
  assert.equal(size.output, 6_000);
});

test('whatever the budget leaves for one call, a judgement is cut to fit it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 3_500, max: 60_000 }),
      fc.integer({ min: 100, max: 120_000 }),
      async (room, bytes) => {
        const size = await measureJudge({ tokens: room, nanoUsd: null }, bytes);
        assert.ok(size.input + size.output <= room, `${size.input} + ${size.output} of ${room}`);
        assert.ok(size.output >= 300);
      },
    ),
    { numRuns: 60 },
  );
});

test('money is counted at what a call can cost at the most, so that a judgement fits it too', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 60_000_000, max: 600_000_000 }),
      fc.integer({ min: 100, max: 120_000 }),
      async (nanoUsd, bytes) => {
        const size = await measureJudge({ tokens: null, nanoUsd }, bytes);
        const cost = (size.input * rates.input + size.output * rates.output) * 1_000;
        assert.ok(cost <= nanoUsd, `${cost} of ${nanoUsd}`);
      },
    ),
    { numRuns: 60 },
  );
});

test('a quarter of a dollar lets a judge read pages, whatever other models cost', async () => {
  const size = await measureJudge({ tokens: null, nanoUsd: 260_000_000 }, 15_000);
  assert.ok(size.input > 15_000, `${size.input} bytes`);
});
