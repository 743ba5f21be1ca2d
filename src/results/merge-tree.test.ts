import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeDispatch, modelInfo } from '../../test/fake-dispatch.ts';
import { depsAnswering } from '../../test/results-deps.ts';
import { estimateTokens } from './ask-model.ts';
import { mergeTree } from './merge-tree.ts';

const contextTokens = 24_000;

test('a brief of many windows and inputs of many windows leave every call within one', async () => {
  const dispatch = fakeDispatch(
    () => '## All\n\nThe tides are high.',
    [modelInfo('qwen/small', { contextTokens })],
  );
  const pieces = Array.from({ length: 4 }, (_, index) => ({
    key: `t${index}`,
    title: `Part ${index}`,
    text: '汉字先行。'.repeat(6_000) + 'and then plain words. '.repeat(3_000),
  }));
  await mergeTree(
    { ...depsAnswering(''), dispatch, models: ['qwen/small'] },
    {
      commission: { brief: '港口的报告。'.repeat(50_000), clarifications: [], criteria: [] },
      pieces,
      conflicts: [],
    },
  );
  for (const { request } of dispatch.orders) {
    const prompt = request.messages.reduce(
      (sum, { content }) => sum + estimateTokens(String(content)),
      0,
    );
    assert.ok(prompt + (request.maxOutputTokens ?? 0) <= contextTokens, String(prompt));
  }
  assert.ok(dispatch.orders.length > 1);
});
