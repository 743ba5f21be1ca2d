import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findJsonError } from './find-json-error.ts';

const parses = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

test('the first wrong character of a document is named', () => {
  const cases: [string, number][] = [
    ['{"a": }', 6],
    ['{"a": 1,}', 8],
    ["{'a': 1}", 1],
    ['{"a" 1}', 5],
    ['[1 2]', 3],
    ['[01]', 2],
    ['{"a": "b', 8],
    ['"tab\there"', 4],
    ['"\\x"', 1],
    ['{} x', 3],
    ['nul', 0],
    ['', 0],
    ['[1}', 2],
  ];
  for (const [text, position] of cases) {
    assert.equal(findJsonError(text), position, text);
    assert.ok(!parses(text), text);
  }
});

test('it finds an error exactly where JSON.parse fails', () => {
  const mutated = fc
    .tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom('', '"', '{', '}', '[', ']', ',', ':', '\\', '0', 'x'),
    )
    .map(([text, seed, insert]) => {
      const at = seed % (text.length + 1);
      return text.slice(0, at) + insert + text.slice(at + (seed % 2));
    });
  fc.assert(
    fc.property(mutated, (text) => {
      assert.equal(findJsonError(text) === -1, parses(text), text);
    }),
    { numRuns: 2_000, verbose: true },
  );
});

test('a string of eight megabytes and a nesting of a million do not exhaust the stack', () => {
  assert.equal(findJsonError(`"${'a'.repeat(8 << 20)}"`), -1);
  assert.equal(findJsonError('['.repeat(1 << 20)), 1 << 20);
});
