import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { orderForReading } from './order-for-reading.ts';

const keys = (names: string, order: string) =>
  orderForReading(
    [...names].map((key) => ({ key })),
    [...order],
  )
    .map((task) => task.key)
    .join('');

test('a summary that is planned last is read first', () => {
  assert.equal(keys('abcs', 'sabc'), 'sabc');
});

test('what the order does not name stays behind what it followed', () => {
  assert.equal(keys('xabyc', 'cab'), 'xcaby');
  assert.equal(keys('abc', ''), 'abc');
});

test('no task is lost or doubled, whatever a model writes as the order', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ minLength: 1, maxLength: 1 })),
      fc.array(fc.string({ minLength: 1, maxLength: 1 })),
      (names, order) => {
        const ordered = orderForReading(
          names.map((key) => ({ key })),
          order,
        );
        assert.deepEqual(ordered.map((task) => task.key).toSorted(), names.toSorted());
      },
    ),
  );
});
