import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agreeOnQuantities, readQuantities } from './read-quantities.ts';

const same: [string, string][] = [
  ['1,200 users', '1.2k users'],
  ['$40 million a year', '40,000,000 USD a year'],
  ['40 million', '$40 million'],
  ['three percent', '3 %'],
  ['ba phần trăm', '3%'],
  ['百分之30', '30%'],
  ['hai triệu đồng', '2.000.000 đồng'],
  ['3,5 tỷ đồng', '3.5 billion VND'],
  ['三百二十万元', '320万元'],
  ['1.5亿', '150 million'],
  ['-5 degrees', '−5 degrees'],
];
const other: [string, string][] = [
  ['30', '30%'],
  ['$5', '€5'],
  ['30 days', '80 days'],
  ['1.5 million', '1.5 billion'],
  ['二十', '三十'],
];

test('the same amount in another notation agrees, in English, Vietnamese and Chinese', () => {
  for (const [one, two] of same)
    assert.ok(agreeOnQuantities(readQuantities(one), readQuantities(two)), `${one} = ${two}`);
});

test('another amount, unit or currency does not', () => {
  for (const [one, two] of other)
    assert.ok(!agreeOnQuantities(readQuantities(one), readQuantities(two)), `${one} ≠ ${two}`);
});

test('numbers within names and words that only look like numbers are no amounts', () => {
  assert.deepEqual(readQuantities('gpt5 is one of them, 万一 and 一一'), []);
});

test('a full stop before a group and a comma behind it is the continental way to write one number', () => {
  assert.deepEqual(readQuantities('1.234,56 euros'), [{ value: 1234.56, unit: 'EUR' }]);
  assert.deepEqual(readQuantities('1.234 euros'), [{ value: 1.234, unit: 'EUR' }]);
  assert.deepEqual(readQuantities('gpt-4 and qwen3.8-max'), []);
  assert.deepEqual(readQuantities('5-10 metres'), [
    { value: 5, unit: '' },
    { value: 10, unit: '' },
  ]);
});
