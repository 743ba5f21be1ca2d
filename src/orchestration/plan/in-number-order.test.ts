import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inNumberOrder } from './in-number-order.ts';

const ordered = (keys: string) => inNumberOrder(keys.split(' ')).join(' ');

test('a line that was asked for again, and lines that were shuffled, go where their numbers belong', () => {
  assert.equal(ordered('t1 t2 t4 t5 t3'), 't1 t2 t3 t4 t5');
  assert.equal(ordered('t10 t2 t9 t1'), 't1 t2 t9 t10');
});

test('keys that ascend, and keys without comparable numbers, stay as they were written', () => {
  for (const keys of ['t1 t2 t10', 'intro costs end', 'a2 b1', 't2 costs t1', '']) {
    assert.equal(ordered(keys), keys);
  }
});

test('a copy keeps the place in which it was written, for its number is that of another line', () => {
  assert.equal(ordered('t1 t2 t3 t1-2 t5'), 't1 t2 t3 t1-2 t5');
  assert.equal(ordered('t3 t1 t3-2 t2'), 't1 t2 t3 t3-2');
});
