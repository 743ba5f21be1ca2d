import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dropRepetitions, type Heard } from './drop-repetitions.ts';
import { splitBlocks } from './split-blocks.ts';

const list = `- **dredging**: which decision it feeds and who has to take it\n- **noise**: what it means here, and where it ends`;
const prose =
  'The channel is dredged every spring, and the quay wall is looked at by divers, who write down what they see.';

function write(...bodies: string[]): string[] {
  const heard: Heard = new Map();
  return bodies.map((body, index) => dropRepetitions({ title: `S${index + 1}`, body }, heard));
}

test('a paragraph or a list that an earlier section has is not given again', () => {
  assert.deepEqual(write(`${prose}\n\n${list}`, `New.\n\n${list}\n\n${prose}`), [
    `${prose}\n\n${list}`,
    'New.',
  ]);
});

test('a line that leads to the same list goes with it; one of its own points to where it stands', () => {
  const [, same, other] = write(
    `It builds on:\n\n${list}`,
    `New.\n\nIt builds on:\n\n${list}`,
    `New.\n\nAt weekends:\n\n${list}`,
  );
  assert.equal(same, 'New.');
  assert.equal(other, 'New.\n\nAt weekends: as in “S1”.');
});

test('a heading or a section that would be left with nothing points to where its text stands', () => {
  assert.deepEqual(write(list, `### Nights\n\n${list}\n\n### Days\n\nLoud.`, list), [
    list,
    '### Nights\n\nAs in “S1”.\n\n### Days\n\nLoud.',
    'As in “S1”.',
  ]);
});

test('Chinese lists are no exception, and are pointed to in Chinese', () => {
  const chinese =
    '- **数据来源**：取决于什么，又影响什么\n- **价格走势**：在这里指什么，从哪里开始';
  const others = [`说明如下。\n\n${chinese}`, `相关的内容：\n\n${chinese}`, chinese];
  assert.deepEqual(write(chinese, ...others), [
    chinese,
    '说明如下。',
    '相关的内容：见“S1”。',
    '见“S1”。',
  ]);
});

test('what is short may stand in every section', () => {
  assert.deepEqual(write('None.', 'None.', 'Text.\n\nNone.'), ['None.', 'None.', 'Text.\n\nNone.']);
});

const loops: [string, string, string][] = [
  [
    'short paragraphs',
    'Deep.\n\nIt is so.\n\nIt is so.\n\nIt is so.\n\nIt is',
    'Deep.\n\nIt is so.',
  ],
  [
    'two paragraphs in turn',
    'A b.\n\nC d.\n\nA b.\n\nC d.\n\nA b.\n\nC d.',
    'A b.\n\nC d.\n\nA b.\n\nC d.',
  ],
  ['a list', `${list}\n\n${list}\n\n${list}\n\n- **dredg`, list],
  ['items', `${list}\n${list}\n${list}`, list],
  ['sentences', `${prose} ${prose} ${prose}`, prose],
  [
    'Chinese sentences',
    '疏浚工作每年春天进行一次，由潜水员检查码头。'.repeat(4),
    '疏浚工作每年春天进行一次，由潜水员检查码头。',
  ],
];

for (const [name, looped, once] of loops) {
  test(`a model in a loop over ${name} is heard once`, () => {
    assert.deepEqual(write(looped), [once]);
  });
}

test('code and tables may repeat themselves, and no block is lost that was not said before', () => {
  const code = '```sh\nls\nls\n```';
  const table = '| a |\n|---|\n| 1 |\n| 1 |';
  assert.deepEqual(write(`${code}\n\n${table}`), [`${code}\n\n${table}`]);
  const body = fc.array(fc.constantFrom(prose, list, code, table, '### Nights', 'Short.'), {
    minLength: 1,
  });
  fc.assert(
    fc.property(fc.array(body, { minLength: 1, maxLength: 4 }), (sections) => {
      const written = write(...sections.map((blocks) => blocks.join('\n\n')));
      const left = new Set(written.flatMap((text) => splitBlocks(text).map((block) => block.text)));
      for (const text of sections.flat()) assert.ok(left.has(text), text);
    }),
  );
});
