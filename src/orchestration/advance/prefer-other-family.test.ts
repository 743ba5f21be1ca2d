import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelInfo } from '../../../test/fake-dispatch.ts';
import type { Task } from '../../queue/index.ts';
import { preferOtherFamily } from './prefer-other-family.ts';

const models = [
  modelInfo('openai/large', { tier: 3 }),
  modelInfo('openai/small', { tier: 1 }),
  modelInfo('qwen/large', { tier: 3, outputUsdPerMillion: 2 }),
  modelInfo('gemini/middle', { tier: 2 }),
];
const sentBack = (provider: string, model: string, named: string[] = []) =>
  ({
    ...{ kind: 'section', models: named },
    outputMeta: { provider, model, account: 'a', finish_reason: 'stop' },
  }) satisfies Pick<Task, 'models' | 'outputMeta' | 'kind'>;

test('what was sent back goes to another family of the same rank first, then to its own', () => {
  assert.deepEqual(preferOtherFamily(sentBack('openai', 'large'), models), [
    'qwen/large',
    'openai/large',
  ]);
  assert.deepEqual(preferOtherFamily(sentBack('gemini', 'middle'), models), [
    'qwen/large',
    'openai/large',
    'gemini/middle',
  ]);
});

test('models that a task names stay its only ones; another family goes first', () => {
  const named = ['openai/large', 'openai/small', 'gemini/middle'];
  assert.deepEqual(preferOtherFamily(sentBack('openai', 'large', named), models), [
    'gemini/middle',
    'openai/large',
    'openai/small',
  ]);
});

test('where no other family can serve it, or nobody knows who erred, the choice stays as it was', () => {
  assert.deepEqual(preferOtherFamily(sentBack('openai', 'large'), models.slice(0, 2)), []);
  assert.deepEqual(preferOtherFamily(sentBack('gone', 'model', ['openai/large']), models), [
    'openai/large',
  ]);
});
