import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareFolders, measureLengths } from './check-shape.ts';

test('a vendor that lacks a file of the others, or has one of its own, is named', () => {
  const shape = ['address.ts', 'quirks.ts'];
  assert.deepEqual(compareFolders({ a: shape, b: shape, c: shape }), []);
  assert.deepEqual(compareFolders({ a: shape, b: shape, c: ['address.ts', 'extra.ts'] }), [
    'c lacks quirks.ts',
    'c alone has extra.ts',
  ]);
});

test('the median and the longest file are found', () => {
  assert.deepEqual(measureLengths({ a: 10, b: 300, c: 20 }), { median: 20, longest: 'b 300' });
});
