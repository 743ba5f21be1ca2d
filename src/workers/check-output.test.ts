import assert from 'node:assert/strict';
import test from 'node:test';
import type { JsonObject } from '../platform/json.ts';
import { checkOutput } from './check-output.ts';

const check = (text: string, task: { kind?: 'section' | 'file'; outputSchema?: JsonObject } = {}) =>
  checkOutput({ kind: 'section', outputSchema: null, ...task }, { text });

test('a section is taken as it is, without blank ends', () => {
  assert.deepEqual(check('\n## A\r\n\r\ntext \n'), { ok: true, output: '## A\n\ntext' });
});

test('an answer with nothing in it is a failure', () => {
  assert.equal(check(' \n\t').ok, false);
  assert.equal(check('```\n\n```', { kind: 'file' }).ok, false);
});

test('a file loses an outer code fence, and only that', () => {
  const inner = '# A\n\n```js\nx\n```\n\nend';
  assert.deepEqual(check(`\`\`\`\`md\n${inner}\n\`\`\`\``, { kind: 'file' }), {
    ok: true,
    output: `${inner}\n`,
  });
  assert.deepEqual(check(`${inner}`, { kind: 'file' }), { ok: true, output: `${inner}\n` });
  assert.deepEqual(check('```ts\nconst a = 1;\n```', { kind: 'file' }), {
    ok: true,
    output: 'const a = 1;\n',
  });
});

test('a section keeps its fences', () => {
  assert.deepEqual(check('```\nx\n```'), { ok: true, output: '```\nx\n```' });
});

test('PostgreSQL could not store a NUL, so it is left out', () => {
  assert.deepEqual(check('a\0b'), { ok: true, output: 'ab' });
});

const outputSchema = {
  type: 'object',
  properties: { sum: { type: 'integer' } },
  required: ['sum'],
  additionalProperties: false,
};

test('JSON that matches its schema is recorded as one canonical text', () => {
  assert.deepEqual(check('```json\n{ "sum": 5 }\n```', { outputSchema }), {
    ok: true,
    output: '{"sum":5}',
  });
});

test('JSON that does not match says where', () => {
  const wrong = check('{"sum":"five"}', { outputSchema });
  assert.ok(!wrong.ok);
  assert.match(wrong.problem, /^The answer does not match its schema: sum: /);
  assert.equal(check('{"sum":5,"more":1}', { outputSchema }).ok, false);
  const none = check('The sum is five.', { outputSchema });
  assert.ok(!none.ok);
  assert.equal(none.problem, 'The answer is not JSON.');
});

test('a schema that cannot be compiled does not condemn the answer', () => {
  const conditional = JSON.parse('{"if":{"type":"object"},"then":{"required":["a"]}}');
  assert.deepEqual(check('{"b":1}', { outputSchema: conditional }), {
    ok: true,
    output: '{"b":1}',
  });
});

test('thoughts that a host left in the text are no output', () => {
  assert.deepEqual(check('<think>hm</think>\n## A\n\ntext'), { ok: true, output: '## A\n\ntext' });
  assert.equal(check('<think>only thoughts</think>').ok, false);
});
