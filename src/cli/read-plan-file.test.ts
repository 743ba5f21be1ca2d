import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PlanDocument } from './plan-document.ts';
import { isEmptyPlan, readPlanFile } from './read-plan-file.ts';
import { writePlanFile } from './write-plan-file.ts';

// Texts as models write them, hostile to YAML: quotes, colons, marks of lists and comments, several lines.
const text = fc
  .array(
    fc.constantFrom(
      'a',
      'é',
      '光',
      ' ',
      ':',
      ': ',
      '#',
      ' # ',
      '-',
      '- ',
      '"',
      "'",
      '{',
      '[',
      '&',
      '|',
      '>',
      '\n',
      '\n\n',
      '%',
      '@',
      '`',
      '!',
      'yes',
      '1e3',
      'null',
      'a long word and more of it ',
    ),
    { minLength: 1, maxLength: 40 },
  )
  .map((parts) => parts.join('').trim())
  .filter((made) => made !== '');
const task = fc.record({
  key: fc.constantFrom('t1', 't2', '7', 'true', 'a b'),
  title: text,
  instruction: text,
  kind: fc.constantFrom('section', 'file', 'research'),
  deps: fc.array(
    fc.record({ id: fc.constantFrom('t1', '9'), uses: text }, { noNullPrototype: true }),
    { maxLength: 2 },
  ),
  acceptance: fc.array(text, { maxLength: 3 }),
  max_tokens: fc.integer({ min: 1, max: 8_000 }),
  required: fc.boolean(),
  path: fc.option(fc.constant('a/b c.csv')),
  models: fc.array(fc.constantFrom('openai/a', 'qwen/b:1'), { maxLength: 2 }),
  panel: fc.constantFrom(0, 2, 3, 8),
  status: fc.constant('pending'),
});
const plan = fc.record({
  run_id: fc.constant('run_1'),
  status: fc.constant('awaiting_approval'),
  version: fc.integer({ min: 1, max: 9 }),
  tasks: fc.array(task, { minLength: 1, maxLength: 4 }),
});

test('a plan that is written and read again is the same plan', () => {
  fc.assert(
    fc.property(plan, (written: PlanDocument) => {
      const read = readPlanFile(writePlanFile(written));
      assert.ok('tasks' in read, JSON.stringify(read));
      assert.equal(read.version, written.version);
      assert.deepEqual(
        read.tasks.map(({ id, panel = 0, ...rest }) => ({ key: id, panel, ...rest })),
        written.tasks.map(({ status: _, ...rest }) => rest),
      );
    }),
  );
});

test('every mistake is named with the line on which it stands, in words that need no schema', () => {
  const read = readPlanFile(`tasks:
  - id: t1
    title: Costs
    instruction: Write.
    max_tokens: many
    colour: red
  - id: t2
    title: ""
    kind: poem
    instruction: Write.
    deps:
      - { id: t1, uses: all }
      - { uses: all }
`);
  assert.ok('problems' in read);
  assert.deepEqual(
    read.problems.map(({ line, field, message }) => `${line} ${field}: ${message}`),
    [
      '5 tasks[0].max_tokens: expected a number, found a text',
      '6 tasks[0]: unknown field "colour"',
      '8 tasks[1].title: expected at least 1 character',
      '9 tasks[1].kind: expected "section", "file", "research", found "poem"',
      '13 tasks[1].deps[1].id: is missing',
    ],
  );
});

test('a text that is no YAML, and one that is no plan, say so', () => {
  const problemOf = (written: string) => {
    const read = readPlanFile(written);
    assert.ok('problems' in read);
    return read.problems[0]!;
  };
  assert.deepEqual(problemOf('tasks:\n  - id: "t1\n'), {
    line: 3,
    field: '',
    message: 'the text lacks a closing quote, bracket, comma or colon',
  });
  assert.equal(problemOf('hello').message, 'expected an object, found a text');
  assert.equal(problemOf('tasks: []').message, 'expected at least 1 item');
});

test('dependencies may be bare ids, and the gateway’s fields are found on their lines', () => {
  const read = readPlanFile(
    'tasks:\n  - id: t1\n    title: A\n    instruction: B\n    deps: [t0]\n    max_tokens: 3\n',
  );
  assert.ok('tasks' in read);
  assert.deepEqual(read.tasks[0]?.deps, [{ id: 't0', uses: '' }]);
  assert.equal(read.lineOf('tasks[0].deps[0].id'), 5);
  assert.equal(read.lineOf('body.tasks.0.max_tokens'), 6);
  assert.equal(read.lineOf('tasks[0].key'), 2);
});

test('comments and blank lines alone are an empty plan', () => {
  assert.ok(isEmptyPlan('# a\n\n   # b\n'));
  assert.ok(!isEmptyPlan('# a\ntasks: []\n'));
});
