import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelInfo } from '../dispatch/index.ts';
import { chooseJury } from './choose-jury.ts';

const model = (id: string, tier: ModelInfo['tier'] = 3, price: number | null = 1): ModelInfo => ({
  id,
  provider: id.split('/')[0] ?? '',
  model: id.split('/')[1] ?? '',
  family: id.split('/')[0] ?? '',
  contextTokens: 100_000,
  maxOutputTokens: 8_000,
  inputUsdPerMillion: price,
  outputUsdPerMillion: price,
  dearestUsdPerMillion: null,
  simulated: true,
  tier,
});
const models = ['deepseek/r', 'openai/a', 'gemini/b', 'qwen/c'].map((id) => model(id));

test('an orchestrator model judges where its family wrote nothing', () => {
  const jury = chooseJury({
    models,
    orchestrators: ['deepseek/r', 'openai/a'],
    writers: ['openai/a', 'gemini/b'],
    mayWiden: true,
  });
  assert.equal(jury.kind, 'outsider');
  assert.deepEqual(jury.jurors, [['deepseek/r', 'openai/a']]);
});

test('where the orchestrator wrote, the ablest and cheapest foreign model judges, small ones never', () => {
  const jury = chooseJury({
    models: [model('deepseek/r'), model('qwen/c', 3, 9), model('gemini/b', 3, 2), model('x/s', 1)],
    orchestrators: ['deepseek/r'],
    writers: ['deepseek/r', null],
    mayWiden: true,
  });
  assert.deepEqual(jury, {
    kind: 'outsider',
    jurors: [['gemini/b', 'qwen/c', 'deepseek/r']],
  });
});

test('where every family wrote, three families judge', () => {
  const jury = chooseJury({
    models,
    orchestrators: ['deepseek/r'],
    writers: models.map(({ id }) => id),
    mayWiden: true,
  });
  assert.equal(jury.kind, 'jury');
  assert.equal(new Set(jury.jurors.map(([id]) => id?.split('/')[0])).size, 3);
});

test('with two families, or where nobody else may judge, the orchestrator does', () => {
  for (const choice of [
    { models: models.slice(0, 2), mayWiden: true },
    { models, mayWiden: false },
  ]) {
    const jury = chooseJury({
      ...choice,
      orchestrators: ['deepseek/r'],
      writers: models.map(({ id }) => id),
    });
    assert.deepEqual(jury, { kind: 'orchestrator', jurors: [['deepseek/r']] });
  }
});

test('whose verdict the budget does not pay does not judge, unless nobody else can', () => {
  const models = [model('openai/dear', 3, 30), model('qwen/cheap'), model('deepseek/cheap', 2)];
  const choice = {
    models,
    orchestrators: ['openai/dear', 'qwen/cheap'],
    writers: ['deepseek/cheap'],
    mayWiden: true,
  };
  assert.deepEqual(chooseJury(choice).jurors, [['openai/dear', 'qwen/cheap']]);
  const isPayable = (id: string) => id !== 'openai/dear';
  assert.deepEqual(chooseJury({ ...choice, isPayable }).jurors, [['qwen/cheap']]);
  const none = chooseJury({ ...choice, isPayable: () => false });
  assert.deepEqual(none.jurors, [['openai/dear', 'qwen/cheap']]);
});
