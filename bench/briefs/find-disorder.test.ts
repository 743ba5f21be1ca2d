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
    'a word on a review that no reader knows of',
    `${orderly}\n## Tides\n\nRevised after review; this part now names them.\n`,
    /a note of rework/,
  ],
  [
    'a quoted label',
    `${orderly}\n## Tides\n\nThe notes say “Simulated text by a/b: high”.\n`,
    /a quoted label/,
  ],
  [
    'small talk in the middle',
    `${orderly}\n## Tides\n\nHigh. Let me know if you'd like more.\n\nLow.\n`,
    /small talk/,
  ],
  [
    'a sentence that goes in a circle',
    `${orderly}\n## Tides of the old harbour\n\nWho asks about tides of the old harbour asks about tides of the old harbour.\n`,
    /goes in a circle/,
  ],
  ['a heading cut off', `${orderly}\n## What the harbour costs in the\n\nMuch.\n`, /cut off: What/],
  ['half a pair of marks', `${orderly}\n## Tides (high\n\nHigh.\n`, /half a pair/],
  [
    'one heading under many numbers',
    `${orderly}\n${[1, 2, 3].map((number) => `## Tides ${number}\n\nHigh ${number}.\n`).join('\n')}`,
    /under many numbers: Tides/,
  ],
  ['markup in a heading', `${orderly}\n## [ ] Tides\n\nHigh.\n`, /markup in a heading/],
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

test('a heading that stops where a phrase of the brief goes on is disorder, one that ends with it is not', () => {
  const brief = {
    name: 'b',
    text: 'Report on methods for predicting the demand for electric power in islands. Then costs.',
  };
  const read = (heading: string) =>
    findDisorder({
      brief,
      result: `## ${heading}\n\nDemand for electric power in islands, costs.\n`,
      files: [],
    });
  assert.match(read('Methods for predicting the demand for electric').join(), /cut off/);
  assert.deepEqual(read('Methods for predicting the demand for electric power'), []);
});

test('a criterion that is said instead of met is disorder', () => {
  const criteria = ['“Noise at night” names a limitation of noise and how to handle it'];
  const said = orderly.replace(
    'Two things help:',
    'Names a limitation of noise and how to handle it: the task asks for this. Two things help:',
  );
  const read = (result: string) => findDisorder({ brief, result, files: [plan], criteria }).join();
  assert.match(read(said), /a criterion instead of an answer/);
  assert.equal(read(orderly), '');
});

test('what the brief speaks of may be spoken of', () => {
  const asking = { name: 'b', text: 'Explain the tag <think> to me.' };
  const about = '## The tag\n\nExplain it so: <think> opens a thought.\n';
  assert.deepEqual(findDisorder({ brief: asking, result: about, files: [] }), []);
});

test('chapters and entries are known by any usual mark, and each is compared once', () => {
  const order = (text: string, ...titles: string[]) =>
    findDisorder({
      brief: { name: 'b', text },
      result: titles.map((title) => `## ${title}\n\nSaid.\n`).join('\n'),
      files: [],
    }).join();
  assert.match(order('## Harbour\n\n## Lighthouse\n', 'Lighthouse', 'Harbour'), /turn: Lighthouse/);
  assert.match(order('第一章 市场规模\n第二章 典型企业\n', '典型企业', '市场规模'), /turn/);
  assert.match(order('a) Sensors\nb) Privacy\n', 'Privacy', 'Sensors'), /turn: Privacy/);
  assert.equal(order('- Letters\n- Events\n- Letters\n', 'Letters', 'Events'), '');
});

test('code may hold what prose may not', () => {
  assert.deepEqual(find(`${orderly}\n\n\`\`\`json\n{"a": 1}\n## no heading\n\`\`\`\n`), []);
});
