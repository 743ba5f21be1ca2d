import assert from 'node:assert/strict';
import test from 'node:test';
import { fakeDispatch, modelInfo } from '../../test/fake-dispatch.ts';
import { chooseModels } from './choose-models.ts';

const dispatch = fakeDispatch(
  () => '',
  [
    modelInfo('openai/small', { tier: 1, inputUsdPerMillion: 0.1 }),
    modelInfo('openai/large', { tier: 3, inputUsdPerMillion: 9 }),
    modelInfo('qwen/large', { tier: 3, inputUsdPerMillion: 2 }),
    modelInfo('vllm/large', { tier: 3, inputUsdPerMillion: null, outputUsdPerMillion: null }),
    modelInfo('gemini/middle', { tier: 2 }),
  ],
);
const choose = (assignedModel: string | null, models: string[] = [], ofRun: string[] = []) =>
  chooseModels(dispatch, { assignedModel, models }, ofRun).map((model) => model.id);

test('the assigned model comes first, then the others allowed in their order', () => {
  assert.deepEqual(choose('qwen/large', ['openai/large', 'qwen/large', 'gemini/middle']), [
    'qwen/large',
    'openai/large',
    'gemini/middle',
  ]);
});

test('a task for any model falls back to its rank or above, cheapest first, unpriced last', () => {
  assert.deepEqual(choose('openai/large'), ['openai/large', 'qwen/large', 'vllm/large']);
  assert.deepEqual(choose('gemini/middle'), [
    'gemini/middle',
    'qwen/large',
    'openai/large',
    'vllm/large',
  ]);
});

test('one model of each provider comes before a second of any, however many providers there are', () => {
  const names = ['a/1', 'a/2', 'a/3', 'b/1', 'b/2', 'c/1', 'd/1', 'e/1', 'f/1'];
  const many = fakeDispatch(
    () => '',
    names.map((id, index) => modelInfo(id, { tier: 3, inputUsdPerMillion: index })),
  );
  const free = (assignedModel: string) =>
    chooseModels(many, { assignedModel, models: [] }, []).map((model) => model.id);
  assert.deepEqual(free('a/1'), ['a/1', 'b/1', 'c/1', 'd/1', 'e/1', 'f/1']);
  const few = fakeDispatch(
    () => '',
    ['a/1', 'a/2', 'a/3', 'a/4', 'b/1'].map((id) => modelInfo(id, { tier: 3 })),
  );
  assert.deepEqual(
    chooseModels(few, { assignedModel: 'a/1', models: [] }, []).map((model) => model.id),
    ['a/1', 'b/1', 'a/2', 'a/3'],
  );
});

test('a task for one model has no other', () => {
  assert.deepEqual(choose('openai/small', ['openai/small']), ['openai/small']);
});

test('a model that is served no more is left out', () => {
  assert.deepEqual(choose('gone/model', ['gone/model', 'qwen/large']), ['qwen/large']);
  assert.deepEqual(choose('gone/model', ['gone/model']), []);
});

test('a task that names no model keeps to those of its run', () => {
  const ofRun = ['openai/small', 'gemini/middle'];
  assert.deepEqual(choose('gemini/middle', [], ofRun), ['gemini/middle', 'openai/small']);
  assert.deepEqual(choose('qwen/large', ['qwen/large'], ofRun), ['qwen/large']);
});
