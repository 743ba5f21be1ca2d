import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fakeDispatch, modelInfo } from '../../test/fake-dispatch.ts';
import { judgeResult } from './judge.ts';
import type { AnsweredTask, ResultsDeps } from './results.ts';

const task = (output: string): AnsweredTask => ({
  ...{ id: 't1', key: 't1', title: 'Wheel', kind: 'section', instruction: '', acceptance: [] },
  ...{ artifactPath: null, dependsOn: [], required: true, failure: null, model: null },
  ...{ confidence: null, output },
});

/** What the largest call of a judgement takes of a budget: bytes of input and the cap of its answer. */
async function measureJudge(callRoom: number | null, bytes: number) {
  const dispatch = fakeDispatch(() => '{"criteria":[]}', [modelInfo('openai/large')]);
  const deps: ResultsDeps = {
    ...{ dispatch, models: ['openai/large'], callRoom },
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
        const size = await measureJudge(room, bytes);
        assert.ok(size.input + size.output <= room, `${size.input} + ${size.output} of ${room}`);
        assert.ok(size.output >= 300);
      },
    ),
    { numRuns: 60 },
  );
});
