import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Damaged } from './damage.ts';
import { answerTo, inflict } from './given-answer.ts';
import { questionDamages } from './question-damages.ts';

const brief =
  '<brief>\nWrite a report on night trains: lines, costs, risks, and options.\n</brief>';
const given = answerTo('clarifier', brief);
const asked: { question: string }[] = JSON.parse(given.text).questions;

const expected: Record<keyof typeof questionDamages, (damaged: Damaged) => void> = {
  'clarifier.prose': ({ text }) => {
    assert.throws(() => JSON.parse(text));
    for (const { question } of asked) assert.ok(text.includes(question));
  },
  'clarifier.wrong_shape': ({ text }) =>
    assert.deepEqual(
      JSON.parse(text).questions,
      asked.map(({ question }) => question),
    ),
  'clarifier.empty': ({ text }) => assert.equal(text, ''),
  'clarifier.without_defaults': ({ text }) =>
    assert.deepEqual(
      JSON.parse(text).questions,
      asked.map(({ question }) => ({ question })),
    ),
  'clarifier.too_many': ({ text }) => assert.equal(JSON.parse(text).questions.length, 12),
};

for (const [name, check] of Object.entries(expected)) {
  test(`${name} is what it says`, () => {
    check(inflict(questionDamages[name as keyof typeof questionDamages], given));
  });
}

test('who has nothing to ask asks nothing in a wrong shape', () => {
  const silent = answerTo('clarifier', '<brief>\nWrite a haiku about rivers.\n</brief>');
  assert.throws(() => inflict(questionDamages['clarifier.wrong_shape'], silent));
});
