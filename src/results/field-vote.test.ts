import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../platform/json.ts';
import { voteFields } from './field-vote.ts';

/** Families behind the chosen value of a field for which each family gave one of these. */
function supporters(...values: Json[]): number {
  return voteFields(
    values.map((value, index) => ({ family: `f${index}`, value: { field: value } })),
  ).supporters;
}

test('one amount in two notations is one vote', () => {
  const same = [
    ['42', '42.0'],
    ['1,000', '1000'],
    ['50%', '50 %'],
    ['$3 million', '3,000,000 USD'],
    [' Yes', 'yes'],
  ];
  for (const [one = '', two = ''] of same) assert.equal(supporters(one, two), 2, `${one} = ${two}`);
});

test('another amount, a version and an amount with words are other values', () => {
  const other = [
    ['42', '43'],
    ['50', '50%'],
    ['3.10', '3.1'],
    ['2026.11.21', '2026.1.12'],
    ['42 boats', '42.0'],
  ];
  for (const [one = '', two = ''] of other)
    assert.equal(supporters(one, two), 1, `${one} ≠ ${two}`);
});
