import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonObject } from '../../platform/json.ts';
import { createLineReader } from './line-reader.ts';

function readAll(text: string, cuts: number[] = []) {
  const reader = createLineReader();
  const bounds = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].toSorted((a, b) => a - b);
  const pieces = [0, ...bounds].map((from, index) =>
    text.slice(from, bounds[index] ?? text.length),
  );
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
}

function valuesOf(text: string, cuts: number[] = []) {
  return readAll(text, cuts).map((reading) => (reading.ok ? reading.value : reading.error.code));
}

const objects = fc.array(
  fc
    .dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ maxDepth: 2 }), { minKeys: 1 })
    .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject),
  { minLength: 1, maxLength: 6 },
);
const cuts = fc.array(fc.nat({ max: 5000 }), { maxLength: 20 });

const layouts: Record<string, (values: JsonObject[]) => string> = {
  'one object per line': (values) => values.map((value) => JSON.stringify(value)).join('\n'),
  'a fence around the lines': (values) =>
    `\`\`\`ndjson\n${values.map((value) => JSON.stringify(value)).join('\n')}\n\`\`\``,
  'an array instead of lines': (values) => JSON.stringify(values),
  'a pretty-printed array': (values) => JSON.stringify(values, null, 2),
  'objects spread over several lines': (values) =>
    values.map((value) => JSON.stringify(value, null, 2)).join('\n\n'),
  'objects run together on one line': (values) =>
    values.map((value) => JSON.stringify(value)).join(' '),
  'reasoning before the lines': (values) =>
    `<think>First {"id":"t0"} then\n{"id":"t1"}</think>\n${values.map((value) => JSON.stringify(value)).join('\r\n')}\n`,
  'a thought whose opening tag is missing': (values) =>
    `First, maybe {"id":"t1","title":"All of it"}? No.\n{"id":"t1"\n</think>\n\n${values.map((value) => JSON.stringify(value)).join('\n')}`,
  'prose with a placeholder before the lines': (values) =>
    `Each task fills in {brief}:\n${values.map((value) => JSON.stringify(value)).join('\n')}\nThat is all.`,
};

for (const [name, lay] of Object.entries(layouts)) {
  test(`the objects come back in order out of ${name}, however the stream is cut`, () => {
    fc.assert(
      fc.property(objects, cuts, (values, at) => {
        assert.deepEqual(valuesOf(lay(values), at), values);
      }),
    );
  });
}

test('an object is handed out with the character that closes it', () => {
  const reader = createLineReader();
  assert.deepEqual(reader.push('{"id":"t1"'), []);
  assert.equal(reader.push('}').length, 1);
});

test('a thought with nothing behind its end holds the answer itself', () => {
  assert.deepEqual(valuesOf('So:\n{"id":"t1"}\n</think>\n'), [{ id: 't1' }]);
});

test('prose that goes on and on holds nothing back for ever', () => {
  const reader = createLineReader();
  reader.push('Here it comes:\n');
  let given = 0;
  for (let index = 0; index < 400; index += 1) {
    given += reader.push(`{"id":"t${index}","text":"${'x'.repeat(1000)}"}\n`).length;
  }
  assert.ok(given > 390);
});

test('a line that lost its brace swallows no other line', () => {
  const text = '{"id":"t1","deps":["t0"\n{"id":"t2"}\n{"id":"t3"}\n';
  assert.deepEqual(valuesOf(text), [{ id: 't1', deps: ['t0'] }, { id: 't2' }, { id: 't3' }]);
});

test('a line that lost a quote swallows no other line', () => {
  const text = '{"id":"t1","title":"Open\n{"id":"t2"}\n';
  const values = valuesOf(text);
  assert.deepEqual(values, [{ id: 't1', title: 'Open' }, { id: 't2' }]);
});

test('the last line of an answer that was cut is reported, repaired', () => {
  const [first, last] = readAll('{"id":"t1"}\n{"id":"t2","title":"Wri');
  assert.ok(first?.ok && last?.ok);
  assert.deepEqual(last.value, { id: 't2', title: 'Wri' });
  assert.deepEqual(last.repairs, ['syntax_repaired']);
});

test('LaTeX in a line is repaired and its backslash-space does not hide the closing quote', () => {
  assert.deepEqual(valuesOf(String.raw`{"a":"x\ y \upcite\ "}${'\n'}{"b":1}`), [
    { a: String.raw`x\ y \upcite\ ` },
    { b: 1 },
  ]);
});

test('reasoning that was never closed gives up the lines in it at the end', () => {
  assert.deepEqual(valuesOf('<think>Let me plan.\n{"id":"t1"}\n{"id":"t2"}'), [
    { id: 't1' },
    { id: 't2' },
  ]);
});

test('an answer without objects yields nothing', () => {
  assert.deepEqual(readAll('I cannot plan this. {sorry} <b>'), []);
});

test('any text at all is read without a throw', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    '\\',
    ',',
    ':',
    '<think>',
    '</think>',
    '\n',
    'a',
    '{"',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), cuts, (pieces, at) => {
      for (const reading of readAll(pieces.join(''), at)) {
        assert.ok(reading.ok || reading.error.code === 'answer_invalid');
      }
    }),
    { numRuns: 2000 },
  );
});

test('a line over 1 MiB is reported as unreadable and the reader goes on', () => {
  const readings = readAll(`{"a":"${'x'.repeat(1024 * 1024 + 1)}`);
  assert.deepEqual(
    readings.map((reading) => reading.ok),
    [false],
  );
});
