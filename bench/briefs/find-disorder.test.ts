import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findDisorder } from './find-disorder.ts';

const brief = {
  name: 'harbour',
  text: 'Write about the harbour:\n\n- Costs of dredging\n- Noise at night\n\nPut the plan into `plan/steps.csv`.',
};
const plan = { path: 'plan/steps.csv', text: 'step,when\ndredge,May\n' };
const orderly =
  '## Costs of dredging\n\nThe harbour pays.\n\n## Noise at night\n\nTwo things help:\n\n- walls\n- sleep\n\n## Files\n\n- `plan/steps.csv`\n';

function find(result: string, files = [plan]): string[] {
  return findDisorder({ brief, result, files });
}

test('an orderly result has no disorder', () => {
  assert.deepEqual(find(orderly), []);
});

const long =
  'The channel is dredged every spring, and the quay wall is looked at by divers, who write down what they see.';
const disorders: [string, string, RegExp][] = [
  ['a heading twice', `${orderly}\n## Noise at night\n\nAgain.\n`, /heading twice: Noise/],
  ['a long paragraph twice', `${orderly}\n${long}\n\nSo:\n\n- a\n\n${long}\n`, /paragraph twice/],
  [
    'a note of rework',
    `${orderly}\nInstead of “The harbour holds 240 boats” say what “The notes” says.\n`,
    /a note of rework/,
  ],
  ['a title said again', `${orderly}\n## Tides\n\n### Tides\n\nHigh.\n`, /repeats the one above/],
  [
    'an empty section',
    `${orderly}\n## Tides\n\n## Wind\n\nStrong.\n`,
    /nothing below the heading: Tides/,
  ],
  [
    'a lead-in to nothing',
    `${orderly}\n## Tides\n\nIt builds on:\n\n## Wind\n\nStrong.\n`,
    /lead-in/,
  ],
  [
    'a section that breaks off',
    `${orderly}\n## Tides\n\nThe water comes in at nin\n`,
    /breaks off/,
  ],
  ['thoughts', `${orderly}\n</think>\n`, /thinking/],
  ['tags of the prompt', `${orderly}\n<acceptance>\n- short\n`, /tag of the prompt/],
  ['JSON', `${orderly}\n{"verdict":"pass"}\n`, /JSON/],
  ['small talk', `Certainly! Here is the text:\n\n${orderly}`, /small talk/],
  ['a missing item', orderly.replace('## Noise at night\n', '## Quiet\n'), /nothing about: Noise/],
  [
    'another order',
    '## Noise at night\n\nLoud.\n\n## Costs of dredging\n\nHigh at the harbour.\n',
    /turn/,
  ],
];

for (const [name, result, found] of disorders) {
  test(`${name} is disorder`, () => {
    assert.match(find(result).join('\n'), found);
  });
}

test('a file that is missing, empty, fenced or full of thoughts is disorder', () => {
  assert.match(find(orderly.replace('plan/steps.csv', 'a file'), []).join(), /plan\/steps\.csv/);
  for (const text of [' ', '```csv\na\n```', 'thoughts</think>\na,b']) {
    assert.equal(find(orderly, [{ ...plan, text }]).length, 1, text);
  }
});

test('code may hold what prose may not', () => {
  assert.deepEqual(find(`${orderly}\n\n\`\`\`json\n{"a": 1}\n## no heading\n\`\`\`\n`), []);
});
