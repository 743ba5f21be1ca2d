import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { readModelJson } from './read-model-json.ts';

const shape = z.object({ best: z.string() });

test('an answer is read as the shape asked for, from within a fence or behind a thought', () => {
  assert.deepEqual(readModelJson(shape, '{"best":"A"}'), { best: 'A' });
  assert.deepEqual(readModelJson(shape, '```json\n{"best":"A"}\n```'), { best: 'A' });
  assert.deepEqual(readModelJson(shape, '<think>B?</think>{"best":"A"}'), { best: 'A' });
});

test('prose and other shapes are no answer', () => {
  for (const text of ['I like A.', '', '{"score":8}', '{"best":3}', '[]', 'null'])
    assert.equal(readModelJson(shape, text), null);
});
