import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CliError } from '../cli-error.ts';
import { mergeLimits } from './merge-limits.ts';

const present = [
  { models: ['claude-opus-*'], rpm: 50 },
  { models: ['*'], rpm: 500, tpm: 2_000_000, concurrency: null },
];

test('a rule changes the dimensions that it names of the same models, and keeps the others', () => {
  assert.deepEqual(mergeLimits(present, ['rpm=600,concurrency=8']), [
    { models: ['claude-opus-*'], rpm: 50 },
    { models: ['*'], rpm: 600, tpm: 2_000_000, concurrency: 8 },
  ]);
});

test('a rule for models that had none stands before the one for all', () => {
  const merged = mergeLimits(present, ['claude-sonnet-*:rpm=100', 'claude-opus-*:otpm=none']);
  assert.deepEqual(
    merged.map(({ models, rpm }) => [models, rpm]),
    [
      [['claude-opus-*'], 50],
      [['claude-sonnet-*'], 100],
      [['*'], 500],
    ],
  );
  assert.equal(merged[0]?.['otpm'], null);
});

test('a dimension is learnt again, a rule without any is gone, and all are forgotten at once', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(mergeLimits(present, ['tpm=learn']))), [
    { models: ['claude-opus-*'], rpm: 50 },
    { models: ['*'], rpm: 500, concurrency: null },
  ]);
  assert.deepEqual(mergeLimits(present, ['claude-opus-*:rpm=learn']), present.slice(1));
  assert.deepEqual(mergeLimits(present, ['learn']), []);
  assert.deepEqual(mergeLimits(present, ['learn', 'rpm=5']), [{ models: ['*'], rpm: 5 }]);
  assert.throws(() => mergeLimits(present, ['rpm=learnt']), CliError);
});
