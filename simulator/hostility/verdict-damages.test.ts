import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Damaged } from './damage.ts';
import { answerTo, inflict } from './given-answer.ts';
import { verdictDamages } from './verdict-damages.ts';

const section =
  '<section task="t1" title="Sea">\nThe harbour is old. Its tides are high.\n</section>';
const given = answerTo(
  'judge',
  `<brief>\nDescribe a harbour.\n</brief>
<criteria>\n1. names the harbour and its tides\n2. compares two ferries\n</criteria>
<result>\n${section}\n</result>`,
);

const compared = answerTo(
  'comparer',
  `<task title="Sea">\nName the tides of the harbour.\n</task>
<candidates>\n<candidate label="A">\nNothing.\n</candidate>
<candidate label="B">\nThe tides of the harbour are high.\n</candidate>\n</candidates>`,
);

interface Read {
  best: string;
  criteria: { text: string; met: boolean; evidence: string }[];
  defects: { task_id: string }[];
}
const read = (text: string): Read => JSON.parse(text);

const expected: Record<keyof typeof verdictDamages, (damaged: Damaged) => void> = {
  'judge.prose': ({ text }) => {
    assert.match(text, /8\/10/);
    assert.doesNotMatch(text, /\{/);
  },
  'judge.wrong_shape': ({ text }) => assert.ok(!Array.isArray(read(text).criteria)),
  'judge.empty': ({ text }) => assert.equal(text, ''),
  'judge.truncated': ({ text, cut }) => {
    assert.equal(cut, true);
    assert.throws(() => JSON.parse(text));
  },
  'judge.without_evidence': ({ text }) => {
    for (const { met, evidence } of read(text).criteria) assert.ok(met && evidence === '');
  },
  'judge.invented_evidence': ({ text }) => {
    for (const { met, evidence } of read(text).criteria) {
      assert.ok(met && evidence !== '' && !section.includes(evidence), evidence);
    }
  },
  'judge.unknown_task': ({ text }) =>
    assert.deepEqual(
      read(text).defects.map(({ task_id }) => task_id),
      ['section t1'],
    ),
  'judge.first_place': ({ text }) => {
    assert.equal(read(compared.text).best, 'B');
    assert.equal(read(text).best, 'A');
  },
};

for (const [name, check] of Object.entries(expected)) {
  test(`${name} is what it says`, () => {
    const asked = name === 'judge.first_place' ? compared : given;
    check(inflict(verdictDamages[name as keyof typeof verdictDamages], asked));
  });
}

test('a judge that found nothing wrong names no task', () => {
  const pleased = answerTo(
    'judge',
    `<criteria>\n1. names the harbour\n</criteria>\n<result>\n${section}\n</result>`,
  );
  assert.throws(() => inflict(verdictDamages['judge.unknown_task'], pleased));
});

test('a comparer talks or breaks off, but has no evidence to invent', () => {
  const comparer = answerTo(
    'comparer',
    '<acceptance>\n- names tides\n</acceptance>\n<candidates>\n<candidate label="A">\nTides.\n</candidate>\n</candidates>',
  );
  const possible = Object.entries(verdictDamages)
    .filter(([, damage]) => damage(comparer, () => 0.9) !== undefined)
    .map(([name]) => name);
  assert.deepEqual(possible, [
    'judge.prose',
    'judge.wrong_shape',
    'judge.empty',
    'judge.truncated',
  ]);
});
