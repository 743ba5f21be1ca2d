import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { plainWords } from './plain-words.ts';

const schema = z.strictObject({
  name: z.string().min(1).max(3),
  size: z.int().min(2).max(8),
  price: z.number().positive(),
  lane: z.enum(['slow', 'fast']),
  tags: z.array(z.string()).min(1),
  named: z.string().regex(/^a/, 'expected a name that begins with a').optional(),
});
const good = { name: 'abc', size: 2, price: 1, lane: 'slow', tags: ['x'] };

function wordsOf(change: object): string[] {
  const read = schema.safeParse({ ...good, ...change }, { error: plainWords });
  return (read.error?.issues ?? []).map((issue) => issue.message);
}

test('what is wrong is said without the words of a schema language', () => {
  assert.deepEqual(wordsOf({}), []);
  assert.deepEqual(wordsOf({ name: undefined }), ['is missing']);
  assert.deepEqual(wordsOf({ name: 7 }), ['expected a text, found 7']);
  assert.deepEqual(wordsOf({ name: '' }), ['expected at least 1 character']);
  assert.deepEqual(wordsOf({ name: 'abcd' }), ['expected at most 3 characters']);
  assert.deepEqual(wordsOf({ size: '2' }), ['expected a number, found a text']);
  assert.deepEqual(wordsOf({ size: 2.5 }), ['expected a whole number, found 2.5']);
  assert.deepEqual(wordsOf({ size: 9 }), ['expected at most 8']);
  assert.deepEqual(wordsOf({ price: 0 }), ['expected more than 0']);
  assert.deepEqual(wordsOf({ lane: 'first' }), ['expected "slow", "fast", found "first"']);
  assert.deepEqual(wordsOf({ tags: [] }), ['expected at least 1 item']);
  assert.deepEqual(wordsOf({ tags: null }), ['expected a list, found null']);
  assert.deepEqual(wordsOf({ colour: 1 }), ['unknown field "colour"']);
});

test("a schema's own words go before", () => {
  assert.deepEqual(wordsOf({ named: 'b' }), ['expected a name that begins with a']);
});

test('a text that may be a secret is never repeated', () => {
  const secret = 'sk-1234567890';
  assert.doesNotMatch(wordsOf({ size: secret }).join(), /sk-/);
});
